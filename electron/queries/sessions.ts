import type { QueryHandlers } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";

type Names = "sessions.list" | "sessions.get" | "sessions.listForAppointment";

/** Consultations, from the local store. */
export const sessionQueries = (useCache: UseCache): Pick<QueryHandlers, Names> => ({
  "sessions.list": (input, { signal }) =>
    useCache(({ cache }) => cache.read("sessions.list", input, signal)),
  "sessions.get": (input, { signal }) =>
    useCache(({ cache }) => cache.read("sessions.get", input, signal)),
  "sessions.listForAppointment": (input, { signal }) =>
    useCache(({ cache }) => cache.read("sessions.listForAppointment", input, signal)),
});
