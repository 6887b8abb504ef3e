import { z } from "zod";
import { AppointmentId, SessionId } from "../model/ids.ts";
import { ConsultationType, Session, SessionStatus } from "../model/session.ts";
import { FaultCode } from "./fault.ts";
import { Account } from "./state.ts";

const none = z.object({});

/** One line of the connection test on the first-start screen. */
export const SetupCheck = z.object({
  name: z.enum(["url", "key", "reachable", "tables", "realtime"]),
  ok: z.boolean(),
  fault: FaultCode.nullable(),
  /** What was found, and what to do when it is not ok. */
  message: z.string(),
});
export type SetupCheck = z.infer<typeof SetupCheck>;

const project = z.object({ url: z.string().trim().min(1), anonKey: z.string().trim().min(1) });

/** What truly needs the network; each can fail with `offline`. */
export const requests = {
  "account.signIn": {
    in: z.object({ email: z.string().trim().min(1), password: z.string().min(1) }),
    out: Account,
  },
  /**
   * Signs out and clears this user's cache. Work that exists only here (messages, ends, unsaved notes)
   * answers `unsent_work`, unless it is discarded on purpose, or kept: then it stays sealed on this
   * machine until the same user signs in again.
   */
  "account.signOut": {
    in: z.object({ discardUnsent: z.boolean(), keepUnsent: z.boolean().default(false) }),
    out: none,
  },
  "setup.test": { in: project, out: z.object({ checks: z.array(SetupCheck) }) },
  "setup.save": { in: project, out: Account },
  /** Opens the appointment's live session, making one if there is none. */
  "session.start": {
    in: z.object({ appointmentId: AppointmentId, type: ConsultationType }),
    out: Session,
  },
  "session.setStatus": {
    in: z.object({ sessionId: SessionId, status: SessionStatus.exclude(["ended"]) }),
    out: Session,
  },
  /** Heartbeat of an open room: the server grows `duration_seconds` by its own clock. */
  "session.touch": {
    in: z.object({ sessionId: SessionId }),
    out: z.object({ durationSeconds: z.int().nonnegative(), status: SessionStatus }),
  },
  "sync.now": { in: none, out: none },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export type Requests = typeof requests;
