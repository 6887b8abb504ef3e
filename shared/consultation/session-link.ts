import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { SessionStatus } from "../model/session.ts";
import { answered } from "./calls.ts";
import { ConsultationError } from "./consultation-error.ts";
import { sessionTopic } from "./topics.ts";

/** What is asked of a session again and again: cheap, and enough to know whether anything is missing. */
const SessionHead = z.object({
  id: z.guid(),
  topic_key: z.guid(),
  last_seq: z.int().nonnegative().nullable(),
  status: SessionStatus,
  rev: z.int(),
});
export type SessionHead = z.infer<typeof SessionHead>;

export interface SessionListener {
  /** A message was broadcast. A hint: it may be missing, doubled or forged, so ask the table. */
  message?(): void;
  /** The session's row changed. A hint too. */
  session?(): void;
  /** The session's head as the server has it now: whoever is behind it pulls. */
  head(head: SessionHead): void;
  /** The topic is joined. */
  joined?(): void;
  /** Something is in the way; the link goes on trying. */
  fault?(error: ConsultationError): void;
}

/** The clockwork of a link; tests shorten it. */
export type LinkTimings = {
  /** After joining, changes may start to flow only a little later: ask once more then. */
  settleMs: number;
  /** How often an open link is checked: a dead socket can go unseen for 25 to 50 s. */
  checkMs: number;
  /** How often to ask while live updates are not there. */
  pollMs: number;
  /** Not joined for this long while the server answers is not the network: Realtime is off. */
  offMs: number;
};

const TIMINGS: LinkTimings = { settleMs: 3_000, checkMs: 20_000, pollMs: 4_000, offMs: 12_000 };

type Link = {
  listeners: Set<SessionListener>;
  ask: () => void;
  check: (delayMs: number) => void;
  close: () => void;
};

/** One link per client and session, however many parts of a page listen. */
const links = new WeakMap<SupabaseClient, Map<string, Link>>();

/**
 * Listens to one session: joins its private topic, joins again when the topic's key rotates or the
 * channel closes, and asks for the session's head on every join, a little later, and at intervals.
 * Broadcasts are hints and a fast path; the heads are what a cursor can be trusted to.
 * Returns `checkLater`, which asks again after a failure, and `stop`.
 */
export function linkSession(
  client: SupabaseClient,
  sessionId: string,
  listener: SessionListener,
  timings: Partial<LinkTimings> = {},
): { checkLater: () => void; stop: () => void } {
  const ofClient = links.get(client) ?? new Map<string, Link>();
  links.set(client, ofClient);
  let link = ofClient.get(sessionId);
  if (link === undefined) {
    link = openLink(client, sessionId, { ...TIMINGS, ...timings }, () => {
      ofClient.delete(sessionId);
    });
    ofClient.set(sessionId, link);
  }
  const joined = link;
  joined.listeners.add(listener);
  // In this very turn, so that what is sent after the call is asked for after it too.
  joined.ask();
  return {
    checkLater: () => joined.check(Math.min(1_000, timings.pollMs ?? TIMINGS.pollMs)),
    stop: () => {
      if (joined.listeners.delete(listener) && joined.listeners.size === 0) joined.close();
    },
  };
}

function openLink(
  client: SupabaseClient,
  sessionId: string,
  timings: LinkTimings,
  closed: () => void,
): Link {
  const listeners = new Set<SessionListener>();
  let channel: RealtimeChannel | null = null;
  let topicKey: string | null = null;
  let live = false;
  let stopped = false;
  let asking = false;
  let askAgain = false;
  let timer: ReturnType<typeof setTimeout>;
  let due = Number.POSITIVE_INFINITY;
  let settle: ReturnType<typeof setTimeout>;
  let blindSince: number | null = performance.now();

  const tell = (error: ConsultationError) => {
    for (const each of listeners) each.fault?.(error);
  };

  /** Asks for the head after `delayMs`; an earlier appointment stays. */
  const check = (delayMs: number) => {
    if (stopped) return;
    const at = performance.now() + delayMs;
    if (at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => {
      due = Number.POSITIVE_INFINITY;
      void askHead();
    }, delayMs);
  };

  const askHead = async () => {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    try {
      const head = await answered(
        client
          .from("consultation_sessions")
          .select("id, topic_key, last_seq, status, rev")
          .eq("id", sessionId)
          .single(),
        SessionHead,
      );
      if (stopped) return;
      for (const each of listeners) each.head(head);
      if (blindSince !== null && performance.now() - blindSince > timings.offMs) {
        blindSince = null; // said once, until it was joined again
        tell(new ConsultationError("realtime_off"));
      }
      if (head.topic_key !== topicKey || channel === null) await join(head.topic_key);
    } catch (error) {
      if (!stopped) tell(ConsultationError.from(error));
    } finally {
      asking = false;
      check(askAgain ? 0 : live ? timings.checkMs : timings.pollMs);
      askAgain = false;
    }
  };

  const leave = () => {
    const old = channel;
    channel = null;
    topicKey = null;
    live = false;
    clearTimeout(settle);
    if (old !== null) void client.removeChannel(old);
  };

  const join = async (key: string) => {
    leave();
    // Joining before the token is set would run the policies as anonymous.
    await client.realtime.setAuth();
    if (stopped) return;
    const joining = client.channel(sessionTopic(sessionId, key), { config: { private: true } });
    channel = joining;
    topicKey = key;
    joining
      .on("broadcast", { event: "message" }, () => {
        for (const each of listeners) each.message?.();
      })
      .on("broadcast", { event: "session" }, () => {
        for (const each of listeners) each.session?.();
      })
      .subscribe((status, error) => {
        if (stopped || channel !== joining) return;
        if (status === "SUBSCRIBED") {
          live = true;
          blindSince = null;
          for (const each of listeners) each.joined?.();
          check(0);
          clearTimeout(settle);
          settle = setTimeout(() => check(0), timings.settleMs);
          return;
        }
        if (live) blindSince = performance.now();
        live = false;
        if (status === "CLOSED") {
          // The server closed it (a token that ran out, a restart), or it was still being left by a
          // listener before: a new one is joined.
          leave();
          check(Math.min(1_000, timings.pollMs));
          return;
        }
        // CHANNEL_ERROR and TIMED_OUT: the client joins again by itself; the head goes on by asking.
        // Whether the network is there at all is for the head to say.
        const failed = ConsultationError.from(error ?? new ConsultationError("offline"));
        if (failed.code !== "offline" && failed.code !== "unexpected") tell(failed);
        check(Math.min(1_000, timings.pollMs));
      });
  };

  return {
    listeners,
    ask: () => void askHead(),
    check,
    close: () => {
      stopped = true;
      clearTimeout(timer);
      leave();
      closed();
    },
  };
}
