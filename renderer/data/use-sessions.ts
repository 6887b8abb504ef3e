import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import type { CommandIn } from "#shared/contract/bridge.ts";
import type { SessionCursor } from "#shared/contract/queries.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { SessionSummary } from "#shared/model/session.ts";
import { useBridge } from "./BridgeProvider.tsx";
import { unwrap, type FaultError } from "./fault-error.ts";
import { keys } from "./query-keys.ts";
import { useBridgeRequest } from "./use-account.ts";
import { ask, useBridgeQuery } from "./use-bridge-query.ts";

const PAGE = 100;

export type SessionFilter = {
  /** Part of the other side's name. */
  person?: string;
  /** `YYYY-MM-DD`. */
  day?: string;
};

export type SessionPages = { items: SessionSummary[]; asOf: string | null };

/** Past and live consultations, newest first; `fetchNextPage` goes back in time from the last row. */
export function useSessions(filter: SessionFilter = {}) {
  const bridge = useBridge();
  return useInfiniteQuery({
    queryKey: keys.sessionsOf(filter),
    queryFn: ({ pageParam, signal }) =>
      ask(bridge, "sessions.list", { limit: PAGE, before: pageParam, ...filter }, signal),
    initialPageParam: null as SessionCursor | null,
    getNextPageParam: (page) => page.next,
    select: (data): SessionPages => ({
      items: data.pages.flatMap((page) => page.items),
      asOf: data.pages[0]?.asOf ?? null,
    }),
    // The list before stays readable while a filter is being typed.
    placeholderData: keepPreviousData,
    throwOnError: false,
  });
}

/** One consultation; not asked for while the id is null. */
export const useSession = (sessionId: SessionId | null) =>
  useBridgeQuery(
    "sessions.get",
    { sessionId: sessionId as SessionId },
    keys.session(sessionId as SessionId),
    sessionId !== null,
  );

/** The consultations of one appointment: the one that is not ended, if any, and the ended ones. */
export const useAppointmentSessions = (appointmentId: AppointmentId) =>
  useBridgeQuery(
    "sessions.listForAppointment",
    { appointmentId },
    keys.appointmentSessions(appointmentId),
  );

export const useStartSession = () => useBridgeRequest("session.start");
export const useSetSessionStatus = () => useBridgeRequest("session.setStatus");

/** Ends a consultation; durable before it answers, so it works with no connection. */
export function useEndSession() {
  const bridge = useBridge();
  return useMutation<object, FaultError, CommandIn<"session.end">>({
    mutationFn: (input) => unwrap(bridge.command("session.end", input)),
  });
}
