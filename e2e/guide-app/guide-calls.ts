import type { SessionRow } from "#shared/consultation/rows.ts";

/** The guide's service snippets as the sample app hands them to whoever drives it. */
export type GuideCalls = {
  createSession(appointmentId: string, patientId: string, doctorId: string): Promise<SessionRow>;
  sendMessage(sessionId: string, userId: string): Promise<void>;
  subscribeToMessages(sessionId: string, later: Promise<void>): Promise<void>;
  endSession(sessionId: string, durationInSeconds: number): Promise<void>;
  getSessionHistory(userId: string): Promise<SessionRow[]>;
};
