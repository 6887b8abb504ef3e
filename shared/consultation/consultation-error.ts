import type { FaultCode } from "../contract/fault.ts";
import { describeFault, recogniseFault } from "./describe-fault.ts";

/**
 * What every call of `consultationService` throws when it fails.
 * `code` is stable and meant for programs; `message` is a plain sentence that says what to do.
 * Neither ever holds a patient's words. `cause` is the error underneath, for a debugger.
 */
export class ConsultationError extends Error {
  override readonly name = "ConsultationError";
  readonly code: FaultCode;

  constructor(code: FaultCode, cause?: unknown) {
    super(describeFault(code), { cause });
    this.code = code;
  }

  /** Turns whatever was thrown or returned by a client into a `ConsultationError`. */
  static from(error: unknown, status?: number): ConsultationError {
    return error instanceof ConsultationError
      ? error
      : new ConsultationError(recogniseFault(error, status), error);
  }
}
