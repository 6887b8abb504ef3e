import { SessionId } from "#shared/model/ids.ts";
import { messageRow } from "#electron/cache/testing/test-store.ts";
import { FakeRemote } from "./fake-remote.ts";

/** How many messages the one session of the long history has. */
export const MESSAGES = 4_000;
export const longSessionId = SessionId.parse("0190a000-0000-7000-8000-00000000c0de");

/** A server whose first pass takes many pages; the same rows with the same ids in every process. */
export function makeLongHistory(): FakeRemote {
  const remote = new FakeRemote();
  remote.addSession(longSessionId, []);
  for (let seq = 1; seq <= MESSAGES; seq++) {
    const id = `0190a000-0000-7000-8000-${String(seq).padStart(12, "0")}`;
    remote.put(messageRow(longSessionId, seq, `number ${seq}`, { id }));
  }
  return remote;
}
