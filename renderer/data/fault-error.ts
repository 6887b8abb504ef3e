import type { Fault, FaultCode, Result } from "#shared/contract/fault.ts";

/** A fault on its way through TanStack Query, which tells failures apart by throwing. */
export class FaultError extends Error {
  readonly code: FaultCode;
  readonly ref: string | null;

  constructor({ fault, message, ref }: Fault) {
    super(message);
    this.name = "FaultError";
    this.code = fault;
    this.ref = ref;
  }
}

/** The value of a result; throws a FaultError for a failure, so that none can pass for an empty list. */
export async function unwrap<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new FaultError(settled);
  return settled.value;
}

/** Any thrown thing as a fault: what is not one is a bug, and is told as such without its words. */
export const toFault = (error: unknown): FaultError =>
  error instanceof FaultError
    ? error
    : new FaultError({ ok: false, fault: "unexpected", message: "", ref: null });
