import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { describeFault } from "#shared/consultation/describe-fault.ts";
import { fault, ok, type Result } from "#shared/contract/fault.ts";

/** Rejects when the signal aborts; lets go of the signal when the work is done. */
function whenAborted(signal: AbortSignal): { aborted: Promise<never>; release: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new ConsultationError("cancelled"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  return { aborted: promise, release: () => signal.removeEventListener("abort", stop) };
}

/**
 * Runs calls of `shared/consultation` and turns what they throw into a fault. The sentence is the
 * product's own: a server's message can quote a patient's words. An aborted signal answers `cancelled`
 * at once, although the call itself may still reach the server.
 */
export async function attempt<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<Result<T>> {
  const stop = signal && whenAborted(signal);
  try {
    return ok(await (stop ? Promise.race([run(), stop.aborted]) : run()));
  } catch (error) {
    const code = signal?.aborted ? "cancelled" : ConsultationError.from(error).code;
    return fault(code, describeFault(code));
  } finally {
    stop?.release();
  }
}
