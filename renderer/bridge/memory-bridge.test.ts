import { describe, expect, it, vi } from "vitest";
import type { QueryOut } from "#shared/contract/bridge.ts";
import type { SessionCursor } from "#shared/contract/queries.ts";
import { commands } from "#shared/contract/commands.ts";
import { newMessageId } from "#shared/model/ids.ts";
import { invented } from "./invented/clinic.ts";
import { openMemoryBridge } from "./memory-bridge.ts";

const now = () => new Date(2026, 10, 26, 9, 7);
const { live, earlier } = invented.sessions;

const value = <T>(result: { ok: true; value: T } | { ok: false; fault: string }): T => {
  if (!result.ok) throw new Error(result.fault);
  return result.value;
};

describe("the memory bridge", () => {
  it("answers with today's appointments in order, by the contract", async () => {
    const { bridge } = openMemoryBridge({ now });
    const { items } = value(
      await bridge.query("appointments.list", {
        from: new Date(2026, 10, 26).toISOString(),
        to: new Date(2026, 10, 27).toISOString(),
      }),
    );
    expect(items).toHaveLength(9);
    expect(items.map((one) => one.startsAt)).toEqual(items.map((one) => one.startsAt).toSorted());
    expect(items[2]).toMatchObject({ session: { status: "active" }, endedSessions: 1 });
  });

  it("pages through the past without a gap or a repeat", async () => {
    const { bridge, control } = openMemoryBridge({ now });
    const seen: string[] = [];
    let before: SessionCursor | null = null;
    do {
      const page: QueryOut<"sessions.list"> = value(
        await bridge.query("sessions.list", { limit: 7, before }),
      );
      seen.push(...page.items.map((one) => one.id));
      before = page.next;
    } while (before !== null);
    expect(new Set(seen).size).toBe(control.clinic.sessions.length);
    expect(seen).toHaveLength(control.clinic.sessions.length);
  });

  it("keeps a message queued while offline and sends it once afterwards", async () => {
    const { bridge, control } = openMemoryBridge({ now });
    const heard = vi.fn<(event: { sessionId: string }) => void>();
    bridge.subscribe("messages.changed", heard);
    control.setConnection("offline");
    const id = newMessageId();
    await bridge.command("message.send", { id, sessionId: live, content: "hello" });
    await bridge.command("message.send", { id, sessionId: live, content: "hello" });
    expect(value(await bridge.query("sync.state", {}))).toMatchObject({
      connection: "offline",
      queued: 1,
    });
    control.setConnection("online");
    const { messages } = value(
      await bridge.query("messages.list", { sessionId: live, beforeSeq: null, limit: 50 }),
    );
    expect(messages.filter((one) => one.id === id)).toMatchObject([{ delivery: "sent", seq: 9 }]);
    expect(heard).toHaveBeenCalledWith({ sessionId: live });
  });

  it("refuses what the contract refuses", async () => {
    const { bridge } = openMemoryBridge({ now });
    const result = await bridge.command("message.send", {
      id: newMessageId(),
      sessionId: live,
      content: "   ",
    });
    expect(result).toMatchObject({ ok: false, fault: "invalid_input" });
    expect(commands["message.send"].in.safeParse({}).success).toBe(false);
  });

  it("fails, heals, holds and says offline as told", async () => {
    const { bridge, control } = openMemoryBridge({ now });
    const ask = () => bridge.query("sessions.get", { sessionId: earlier });
    control.fail("sessions.get", "cache_corrupt");
    expect(await ask()).toMatchObject({ ok: false, fault: "cache_corrupt" });
    control.heal("sessions.get");
    const release = control.hold("sessions.get");
    let done = false;
    const answer = ask().then((result) => {
      done = true;
      return result;
    });
    await Promise.resolve();
    expect(done).toBe(false);
    release();
    expect(await answer).toMatchObject({ ok: true });
    control.setConnection("offline");
    expect(await bridge.request("sync.now", {})).toMatchObject({ ok: false, fault: "offline" });
  });
});
