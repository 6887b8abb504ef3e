import type { QueryHandlers } from "#electron/bridge/handlers.ts";
import type { UseCache } from "#electron/bridge/use-cache.ts";

type Names = "appointments.list" | "appointments.get";

/** The clinic's calendar as this machine last saw it. */
export const appointmentQueries = (useCache: UseCache): Pick<QueryHandlers, Names> => ({
  "appointments.list": (input, { signal }) =>
    useCache(({ cache }) => cache.read("appointments.list", input, signal)),
  "appointments.get": (input, { signal }) =>
    useCache(({ cache }) => cache.read("appointments.get", input, signal)),
});
