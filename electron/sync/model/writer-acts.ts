import type { SessionId } from "#shared/model/ids.ts";
import { doctor, sessionAt, stranger, type SimServer, type Transaction } from "./sim-server.ts";

// What others do on the server. An act that does not fit what it finds does nothing: so any list of
// acts is a schedule, and a shorter list is one too.

/** `pick` chooses among what there is; `text` is unlike any other. */
type Act = (
  server: SimServer,
  run: Transaction,
  sessionId: SessionId,
  pick: number,
  text: string,
) => void;

const messageOf = (server: SimServer, run: Transaction, sessionId: SessionId, pick: number) => {
  const messages = server.list("message", sessionId, run);
  return messages[pick % Math.max(1, messages.length)];
};

const ofMessage =
  (
    change: (
      server: SimServer,
      run: Transaction,
      found: NonNullable<ReturnType<typeof messageOf>>,
      text: string,
    ) => void,
  ): Act =>
  (server, run, sessionId, pick, text) => {
    const found = messageOf(server, run, sessionId, pick);
    if (found === undefined) return;
    change(server, run, found, text);
    server.stampSession(run, sessionId);
  };

const ofSession =
  (change: (text: string, pick: number, status: unknown) => Record<string, unknown>): Act =>
  (server, run, sessionId, pick, text) => {
    const found = server.find("session", sessionId, run);
    if (found === undefined) return;
    const values = change(text, pick, found.row["status"]);
    if (Object.keys(values).length > 0) server.put(run, "session", sessionId, sessionId, values);
  };

const access =
  (change: (server: SimServer) => Record<string, unknown>): Act =>
  (server, run, sessionId) => {
    if (server.find("session", sessionId, run)) {
      server.setAccess(run, sessionId, change(server));
    }
  };

const at = (server: SimServer): string => new Date(server.clock).toISOString();

export const acts = {
  say: (server, run, sessionId, _pick, text) => {
    const session = server.find("session", sessionId, run);
    if (session === undefined || session.row["status"] === "ended") return;
    server.insertMessage(run, sessionId, { id: server.newMessageId(), content: text });
  },
  edit: ofMessage((server, run, { id, sessionId }, text) => {
    server.put(run, "message", id, sessionId, { content: text });
  }),
  mark: ofMessage((server, run, { id, sessionId }) => {
    server.put(run, "message", id, sessionId, { entered_in_error_at: at(server) });
  }),
  remove: ofMessage((server, run, { id, sessionId }) => {
    server.put(run, "message", id, sessionId, { deleted_at: at(server) });
  }),
  erase: ofMessage((server, run, found) => server.erase(run, found)),
  note: ofSession((text) => ({ notes: text })),
  status: ofSession((_text, pick, status) =>
    status === "ended" ? {} : { status: ["active", "paused", "ended"][pick % 3] },
  ),
  /** The session is taken out of use, or back into it; its rows stay on the server. */
  archive: ofSession((_text, pick) => ({
    deleted_at: pick % 3 === 0 ? null : "2020-01-02T00:00:00.000Z",
  })),
  open: (server, run, sessionId, pick) => {
    const erased = server.find("tombstone", sessionId, run);
    if (server.find("session", sessionId, run) || erased) return;
    server.insertSession(run, sessionId, pick % 3 > 0);
  },
  eraseSession: (server, run, sessionId) => {
    const session = server.find("session", sessionId, run);
    if (session === undefined) return;
    for (const message of server.list("message", sessionId, run)) server.erase(run, message);
    server.erase(run, session);
    if (server.find("access", sessionId, run)?.row["granted"] === true) {
      server.setAccess(run, sessionId, { granted: false });
    }
  },
  grant: access(() => ({ granted: true, expires_at: null })),
  revoke: access(() => ({ granted: false })),
  lend: access((server) => ({
    granted: true,
    expires_at: new Date(server.clock + 60_000).toISOString(),
  })),
  /** The session passes to another clinician, or to this one. */
  handOver: (server, run, sessionId, pick) => {
    const mine = pick % 2 === 0;
    const found = server.find("session", sessionId, run);
    const to = mine ? doctor : stranger;
    if (found === undefined || found.row["doctor_id"] === to) return;
    server.put(run, "session", sessionId, sessionId, { doctor_id: to });
    if (server.find("access", sessionId, run) || mine) {
      const change = mine ? { granted: true, expires_at: null } : { granted: false };
      server.setAccess(run, sessionId, { ...change, owner: mine });
    }
    for (const { id } of server.list("message", sessionId, run)) {
      server.put(run, "message", id, sessionId, { doctor_id: to });
      server.stampSession(run, sessionId);
    }
  },
} as const satisfies Record<string, Act>;

export type ActName = keyof typeof acts;
export const actNames = Object.keys(acts) as ActName[];
export const PLACES = 6;

/** Two sessions of the user's own, one to which he was let in, one that he has never seen. */
export function populate(server: SimServer): void {
  for (const place of [0, 1, 2, 3]) {
    const sessionId = sessionAt(place);
    server.within(null, (run) => {
      server.insertSession(run, sessionId, place < 2);
      if (place === 2) server.setAccess(run, sessionId, { granted: true });
    });
    for (const turn of [1, 2]) {
      server.within(null, (run) => acts.say(server, run, sessionId, 0, `first ${place} ${turn}`));
    }
  }
  server.hints = [];
  server.backUp();
}
