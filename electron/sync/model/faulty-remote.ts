import { setTimeout as sleep } from "node:timers/promises";
import { fault, type Result } from "#shared/contract/fault.ts";
import type { Remote, RemoteListener, RoomListener } from "../remote-port.ts";
import type { Fate } from "./workstation.ts";

const OFFLINE = fault("offline", "The server cannot be reached.");
const pause = (fate: Fate): Promise<unknown> => sleep(fate === "arrives" ? 0 : 5);

/** The real connection, with a network in between that loses, doubles, delays and refuses. */
export class FaultyRemote {
  /** What becomes of the next calls and events, one each; then everything arrives. */
  fates: Fate[] = [];
  faults = 0;

  #next(): Fate {
    const fate = this.fates.shift() ?? "arrives";
    if (fate !== "arrives") this.faults += 1;
    return fate;
  }

  /** The remote of one process. */
  wrap(remote: Remote): Remote {
    const call = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
      const fate = this.#next();
      await pause(fate);
      if (fate === "lost") return OFFLINE;
      if (fate === "server" || fate === "quota" || fate === "not_signed_in") {
        return fault(fate, `The server said ${fate}.`);
      }
      const answer = await work();
      if (fate === "twice") return work();
      // It was done, and nobody was told.
      return fate === "late" ? OFFLINE : answer;
    };
    const event = (tell: () => void): void => {
      const fate = this.#next();
      if (fate === "lost") return;
      if (fate === "late") setTimeout(tell, 30);
      else tell();
      if (fate === "twice") tell();
    };
    const listener = (inner: RemoteListener): RemoteListener => ({
      ...inner,
      onHint: (hint) => event(() => inner.onHint(hint)),
    });
    const roomListener = (inner: RoomListener): RoomListener => ({
      onMessage: (row) => event(() => inner.onMessage(row)),
      onSession: (row) => event(() => inner.onSession(row)),
    });
    const { listenSession } = remote;
    return {
      userId: remote.userId,
      snapshot: (signal) => call(() => remote.snapshot(signal)),
      pullSince: (page, signal) => call(() => remote.pullSince(page, signal)),
      pullSession: (page, signal) => call(() => remote.pullSession(page, signal)),
      sendMessage: (message, signal) => call(() => remote.sendMessage(message, signal)),
      endSession: (end, signal) => call(() => remote.endSession(end, signal)),
      listAppointments: (range, signal) => remote.listAppointments(range, signal),
      listPeople: (signal) => remote.listPeople(signal),
      listen: (inner) => remote.listen(listener(inner)),
      ...(listenSession && {
        listenSession: (room, inner) => listenSession(room, roomListener(inner)),
      }),
    };
  }
}
