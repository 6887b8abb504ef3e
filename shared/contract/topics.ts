import { z } from "zod";
import { AppointmentId, SessionId } from "../model/ids.ts";

/** Pushes: they name what changed and never carry it, so that patient rows cross the bridge by query alone. */
export const topics = {
  "account.changed": z.object({}),
  "sync.changed": z.object({}),
  "appointments.changed": z.object({}),
  "session.changed": z.object({ sessionId: SessionId, appointmentId: AppointmentId }),
  "messages.changed": z.object({ sessionId: SessionId }),
} as const satisfies Record<string, z.ZodType>;

export type Topics = typeof topics;
