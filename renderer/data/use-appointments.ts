import type { AppointmentId } from "#shared/model/ids.ts";
import { keys } from "./query-keys.ts";
import { useBridgeQuery } from "./use-bridge-query.ts";

/** Appointments whose start lies in [from, to), earliest first; both as ISO 8601 with an offset. */
export const useAppointments = (from: string, to: string) =>
  useBridgeQuery("appointments.list", { from, to }, keys.appointmentsBetween(from, to));

/** One appointment with its patient; not asked for while the id is null. */
export const useAppointment = (appointmentId: AppointmentId | null) =>
  useBridgeQuery(
    "appointments.get",
    { appointmentId: appointmentId as AppointmentId },
    keys.appointment(appointmentId as AppointmentId),
    appointmentId !== null,
  );
