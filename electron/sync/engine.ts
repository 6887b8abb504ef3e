import { describeFault } from "#shared/consultation/describe-fault.ts";
import { ok, type Fault, type Result } from "#shared/contract/fault.ts";
import type { SyncState } from "#shared/contract/state.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { Cache } from "#electron/cache/cache.ts";
import type { Changed } from "#electron/cache/feed.ts";
import { pullCalendar } from "./calendar.ts";
import { kindOf, storeFault } from "./fault-kind.ts";
import { HeldSessions } from "./held-sessions.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import type { Remote } from "./remote-port.ts";
import { Rooms } from "./rooms.ts";
import { watchWorld, type WorldParts } from "./world-watch.ts";
import { RetryLoop } from "./retry-loop.ts";

/** What the engine tells the rest of the app: names of what changed, never rows. */
export type SyncEvents = {
  onState(): void;
  onAppointments(): void;
  onSession(session: { sessionId: SessionId; appointmentId: AppointmentId }): void;
  onMessages(session: { sessionId: SessionId }): void;
  /** A bug or a broken store. The error may go to the log by its code only. */
  onBug(error: unknown): void;
};

export type SyncParts = {
  cache: Cache;
  remote: Remote;
  events: SyncEvents;
  /** Rows of one page of the feed: enough to be fast, few enough to be handed over without a stall. */
  pageSize?: number;
  /** How often to look although no hint came: realtime promises nothing. */
  pollMs?: number;
  /** Changes begin to flow a little after SUBSCRIBED: when to look again. */
  settleMs?: number;
  /** Not listening for this long while the server answers is not the network: live updates are off. */
  blindMs?: number;
  waitMs?: (failures: number) => number;
  /** How the clocks and the network of this machine are read. */
  world?: Omit<WorldParts, "onChange">;
  now?: () => Date;
};

/** Keeps one user's local store and the server equal, until it is stopped. */
export interface SyncEngine {
  state(): SyncState;
  /** Looks now: the network is back, the machine woke up, or somebody asked. Resolves when it has looked. */
  now(): Promise<void>;
  /** Something was put into the outbox, changed in it, or thrown away. */
  outboxChanged(): void;
  stop(): Promise<void>;
}

const TRIM_AT_ONCE = 10;

/** Begins to sync. Never throws for a network that is not there: it waits for it. */
export function startSync(parts: SyncParts): SyncEngine {
  const { cache, remote, events } = parts;
  const { pageSize = 2_000, pollMs = 60_000, settleMs = 3_000, blindMs = 20_000, waitMs } = parts;
  const now = parts.now ?? (() => new Date());
  let state: SyncState = {
    connection: "connecting",
    asOf: null,
    queued: 0,
    refused: 0,
    pulling: null,
    fault: null,
  };

  const change = (changes: Partial<SyncState>): void => {
    const next = { ...state, ...changes };
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    events.onState();
  };

  let stopped = false;
  const aside = new Set<Promise<void>>();

  /** Runs small work beside the loops. It is waited for at the end, so that nothing asks a closed store. */
  const spawn = (work: () => Promise<void>): void => {
    if (stopped) return;
    const running = work()
      .catch((error: unknown) => {
        if (!stopped) onBug("pull", error);
      })
      .finally(() => aside.delete(running));
    aside.add(running);
  };

  const count = async (): Promise<void> => change(await cache.read("outbox.count", {}));

  const tell = (changed: Changed): void => {
    for (const session of changed.sessions) events.onSession(session);
    for (const sessionId of changed.messages) events.onMessages({ sessionId });
  };

  // Pull and push fail on their own; what is shown is the first thing that somebody must act on.
  const faults: Record<"pull" | "push" | "end" | "live", SyncState["fault"]> = {
    pull: null,
    push: null,
    end: null,
    live: null,
  };
  const worst = () => faults.pull ?? faults.push ?? faults.end ?? faults.live;

  /** Since when the server has answered while nothing could be heard of it; null while it can. */
  let blindSince: number | null = performance.now();

  /** Says that live updates are off, once a pull got through in spite of it. */
  const settleSight = (pulled: boolean, offline: boolean): void => {
    if (blindSince === null || offline) faults.live = null;
    if (blindSince === null) return;
    if (offline) blindSince = performance.now();
    else if (pulled && performance.now() - blindSince > blindMs) {
      faults.live = { code: "realtime_off", message: describeFault("realtime_off") };
    }
  };

  const settleFault = (of: keyof typeof faults, fault: Fault | null): void => {
    if (fault?.fault === "cancelled") return;
    const passes = fault === null || (kindOf(fault.fault) === "again" && fault.fault !== "quota");
    faults[of] = passes ? null : { code: fault.fault, message: fault.message };
    const offline = fault?.fault === "offline";
    settleSight(of === "pull" && fault === null, offline);
    change({
      connection: offline ? "offline" : "online",
      fault: worst(),
      ...(of === "pull" && { pulling: null }),
    });
  };

  /** A broken store or a bug: no wait helps by itself, so it is shown and reported. */
  const onBug = (of: "pull" | "push", error: unknown): void => {
    const code = storeFault(error);
    faults[of] = { code, message: describeFault(code) };
    change({ pulling: null, fault: worst() });
    events.onBug(error);
  };

  let calendarDue = true;

  /** Fetches the calendar where it is due. A clinic whose calendar cannot be read still gets its consultations. */
  const pullDueCalendar = async (signal: AbortSignal): Promise<Result<void>> => {
    if (!calendarDue) return ok(undefined);
    calendarDue = false;
    const pulled = await pullCalendar(cache, remote, now(), signal);
    if (pulled.ok) events.onAppointments();
    else calendarDue = true;
    return pulled;
  };

  /** Keeps the limits of the local copy (S24), some sessions at a time so that other writes come through. */
  const trim = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const sessions = await cache.write("cache.trim", { most: TRIM_AT_ONCE });
      tell({ sessions, messages: sessions.map(({ sessionId }) => sessionId) });
      if (sessions.length < TRIM_AT_ONCE) return;
    }
  };

  const pullAll = async (signal: AbortSignal): Promise<Result<void>> => {
    // The day list is small and is what is looked at first.
    const calendar = await pullDueCalendar(signal);
    if (!calendar.ok && kindOf(calendar.fault) === "again") return calendar;
    for (;;) {
      const pulled = await pull({
        cache,
        remote,
        signal,
        pageSize,
        onChanged: tell,
        onProgress: (rows) => change({ pulling: { rows } }),
      });
      if (!pulled.ok) return pulled;
      change({ asOf: pulled.value.asOf, pulling: null });
      await rooms.refresh();
      await trim(signal);
      if (!pulled.value.resumed) break;
    }
    if (calendar.ok) settleFault("pull", null);
    return calendar;
  };

  const held = new HeldSessions(waitMs);
  let heldTimer: NodeJS.Timeout | undefined;

  const pushAll = async (signal: AbortSignal): Promise<Result<void>> => {
    await count();
    let tried = false;
    const pushed = await push({
      cache,
      remote,
      signal,
      held,
      onMessage: (sessionId) => {
        tried = true;
        events.onMessages({ sessionId });
      },
      onSession: (sessionId) => spawn(() => tellSession(sessionId)),
      onEndRefused: (refusal) => settleFault("end", refusal),
    });
    await count();
    const heldMs = held.nextMs();
    clearTimeout(heldTimer);
    if (heldMs !== null) heldTimer = setTimeout(() => void pushes.ask(), heldMs).unref();
    // Nobody is sent a hint of his own message, and the session's row has changed with it.
    if (tried && pushed.ok) void pulls.ask();
    // An empty outbox has asked the server nothing, so it says nothing about the connection.
    if (pushed.ok && faults.push !== null) settleFault("push", null);
    return pushed;
  };

  const tellSession = async (sessionId: SessionId): Promise<void> => {
    const appointmentId = await cache.read("sessions.appointmentOf", { sessionId });
    // Not in this cache any more: no view shows it.
    if (appointmentId !== null) events.onSession({ sessionId, appointmentId });
  };

  const pulls = new RetryLoop({
    work: pullAll,
    onFault: (fault) => settleFault("pull", fault),
    onBug: (error) => onBug("pull", error),
    waitMs,
  });
  const pushes = new RetryLoop({
    work: pushAll,
    onFault: (fault) => settleFault("push", fault),
    onBug: (error) => onBug("push", error),
    waitMs,
  });
  const look = (): void => {
    calendarDue = true;
    void pulls.ask();
    void pushes.ask();
  };

  /** Looks at everything at once, also at what waits after a failure. */
  const lookNow = async (): Promise<void> => {
    calendarDue = true;
    held.releaseAll();
    await Promise.all([pulls.ask(), pushes.ask()]);
  };

  const rooms = new Rooms({
    cache,
    remote,
    spawn,
    onMessages: (sessionId) => events.onMessages({ sessionId }),
    onSession: (session) => events.onSession(session),
    onTold: () => void pulls.ask(),
  });
  const unwatch = watchWorld({ ...parts.world, onChange: () => void lookNow() });

  let settle: NodeJS.Timeout | undefined;
  const unlisten = remote.listen({
    onSubscribed: () => {
      blindSince = null;
      faults.live = null;
      change({ fault: worst() });
      look();
      clearTimeout(settle);
      settle = setTimeout(() => void pulls.ask(), settleMs);
    },
    onHint: ({ sessionId }) => {
      if (sessionId === null) calendarDue = true;
      void pulls.ask();
    },
    onRenewed: look,
    onLost: () => {
      blindSince ??= performance.now();
      void pulls.ask();
    },
  });
  const poll = setInterval(look, pollMs);
  poll.unref();

  spawn(async () => {
    const { asOf } = await cache.read("feed.state", {});
    change({ asOf });
    await rooms.refresh();
    await count();
    look();
  });

  return {
    state: () => state,
    now: lookNow,
    outboxChanged: () => {
      faults.end = null;
      spawn(count);
      void pushes.ask();
    },
    stop: async () => {
      stopped = true;
      unlisten();
      unwatch();
      clearInterval(poll);
      clearTimeout(settle);
      clearTimeout(heldTimer);
      await Promise.all([pulls.stop(), pushes.stop()]);
      await Promise.all(aside);
      rooms.leaveAll();
    },
  };
}
