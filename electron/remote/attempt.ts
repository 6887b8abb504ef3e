import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { describeFault } from "#shared/consultation/describe-fault.ts";
import { fault, ok, type Result } from "#shared/contract/fault.ts";

/**
 * Runs calls of `shared/consultation` and turns what they throw into a fault. The sentence is the
 * product's own: a server's message can quote a patient's words.
 */
export async function attempt<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<Result<T>> {
  try {
    return ok(await run());
  } catch (error) {
    const code = signal?.aborted ? "cancelled" : ConsultationError.from(error).code;
    return fault(code, describeFault(code));
  }
}
