import { setSessionStatus, startConsultation, touchSession } from "#shared/consultation/calls.ts";
import { describeFault } from "#shared/consultation/describe-fault.ts";
import { sessionFromRow } from "#shared/consultation/rows.ts";
import { fault, ok, type Result } from "#shared/contract/fault.ts";
import type { Desk } from "#electron/account/desk.ts";
import type { Publish, RequestHandlers } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";
import { attempt } from "#electron/remote/attempt.ts";

type Names = "session.start" | "session.setStatus" | "session.touch" | "sync.now";

const NOT_SIGNED_IN = fault("not_signed_in", describeFault("not_signed_in"));

/**
 * What needs the server's word at once. Each answer is kept in the local store before the reply, so that
 * the room can open from there.
 */
export function sessionRequests(
  currentDesk: () => Promise<Desk | null>,
  useCache: UseCache,
  publish: Publish,
): Pick<RequestHandlers, Names> {
  const withDesk = async <T>(work: (desk: Desk) => Promise<Result<T>>): Promise<Result<T>> => {
    const desk = await currentDesk();
    return desk === null ? NOT_SIGNED_IN : work(desk);
  };

  return {
    "session.start": ({ appointmentId, type }) =>
      withDesk(async ({ client, engine }) => {
        const found = await useCache(({ cache }) =>
          cache.read("appointments.get", { appointmentId }),
        );
        if (!found.ok) return found;
        const { patientId, doctorId } = found.value.item;
        const started = await attempt(async () =>
          sessionFromRow(
            await startConsultation(client, { appointmentId, patientId, doctorId, type }),
          ),
        );
        if (!started.ok) return started;
        const kept = await useCache(({ cache }) => cache.write("session.keep", started.value));
        if (!kept.ok) return kept;
        publish("session.changed", { sessionId: started.value.id, appointmentId });
        publish("appointments.changed", {});
        void engine.now();
        return started;
      }),

    "session.setStatus": ({ sessionId, status }) =>
      withDesk(async ({ client }) => {
        const set = await attempt(async () =>
          sessionFromRow(await setSessionStatus(client, sessionId, status)),
        );
        if (!set.ok) return set;
        const kept = await useCache(({ cache }) => cache.write("session.keep", set.value));
        if (!kept.ok) return kept;
        publish("session.changed", { sessionId, appointmentId: set.value.appointmentId });
        return set;
      }),

    "session.touch": ({ sessionId }) =>
      withDesk(async ({ client }) => {
        const touched = await attempt(() => touchSession(client, sessionId));
        if (!touched.ok) return touched;
        const { duration_seconds: durationSeconds, status } = touched.value;
        const kept = await useCache(({ cache }) =>
          cache.write("session.grow", { sessionId, durationSeconds }),
        );
        return kept.ok ? ok({ durationSeconds, status }) : kept;
      }),

    "sync.now": () =>
      withDesk(async ({ engine }) => {
        await engine.now();
        const { fault: trouble, connection } = engine.state();
        if (trouble !== null) return fault(trouble.code, trouble.message);
        return connection === "offline" ? fault("offline", describeFault("offline")) : ok({});
      }),
  };
}
