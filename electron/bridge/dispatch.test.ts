import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault, ok } from "#shared/contract/fault.ts";
import { openLog } from "#electron/log/log.ts";
import { createDispatcher, type Dispatcher } from "./dispatch.ts";
import type { Handlers, QueryHandlers } from "./handlers.ts";

const WORDS = "My chest hurts";
const session = "0190a000-0000-7000-8000-000000000001";

/** Every entry answers with a bug, but for those that a test gives. */
function handlersWith(given: Record<string, unknown>): Handlers {
  const table = new Proxy(given, {
    getOwnPropertyDescriptor: (target, name) =>
      Reflect.getOwnPropertyDescriptor(target, name) ?? {
        configurable: true,
        value: () => Promise.reject(new Error(WORDS)),
      },
    get: (target, name) => Reflect.get(target, name) ?? (() => Promise.reject(new Error(WORDS))),
  });
  return { query: table, command: table, request: table } as unknown as Handlers;
}

describe("dispatcher", () => {
  let folder: string;
  let dispatcher: Dispatcher;
  const logged = () => readFileSync(join(folder, "main.jsonl"), "utf8");
  const open = (given: Record<string, unknown>) => {
    dispatcher = createDispatcher(handlersWith(given), openLog(folder));
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dispatch-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives the decoded input to the handler and its answer back", async () => {
    open({ "sessions.get": async (input: unknown) => ok(input) });
    const answer = await dispatcher.call(1, {
      kind: "query",
      name: "sessions.get",
      input: { sessionId: session, more: "is cut off" },
    });
    expect(answer).toEqual({ ok: true, value: { sessionId: session } });
  });

  it.each([
    ["no call at all", null],
    ["another kind", { kind: "eval", name: "sessions.get", input: {} }],
    ["an unknown name", { kind: "query", name: "sessions.steal", input: {} }],
    ["a name of another kind", { kind: "command", name: "sessions.get", input: {} }],
    ["a name that every object has", { kind: "query", name: "constructor", input: {} }],
    ["__proto__", { kind: "query", name: "__proto__", input: {} }],
    ["an input of another shape", { kind: "query", name: "sessions.get", input: { sessionId: 7 } }],
    ["no input", { kind: "query", name: "sessions.get" }],
  ])("refuses %s without running anything", async (_what, value) => {
    let ran = false;
    open({ "sessions.get": async () => (ran = true) });
    expect(await dispatcher.call(1, value)).toMatchObject({ ok: false, fault: "invalid_input" });
    expect(ran).toBe(false);
  });

  it("turns a bug into a fault whose ref finds the line, and tells neither any words", async () => {
    open({ "account.current": () => Promise.reject(new Error(WORDS)) });
    const answer = await dispatcher.call(1, { kind: "query", name: "account.current", input: {} });
    expect(answer).toMatchObject({ ok: false, fault: "unexpected" });
    expect(JSON.stringify(answer)).not.toContain("chest");
    expect(logged()).toContain(`"ref":"${answer.ok ? "" : answer.ref}"`);
    expect(logged()).not.toContain("chest");
  });

  it("logs a fault by its code only", async () => {
    open({ "account.current": async () => fault("server", WORDS) });
    await dispatcher.call(1, { kind: "query", name: "account.current", input: {} });
    expect(logged()).toContain('"fault":"server"');
    expect(logged()).not.toContain("chest");
  });

  describe("cancelling", () => {
    const hanging = (aborted: string[]) => ({
      "account.current": (_input: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            aborted.push("aborted");
            reject(new Error("aborted"));
          });
        }),
    });
    const begin = (pageId: number, callId?: string) =>
      dispatcher.call(pageId, { kind: "query", name: "account.current", input: {}, callId });

    it("stops the call that is named, and answers it with `cancelled`", async () => {
      const aborted: string[] = [];
      open(hanging(aborted));
      const call = begin(1, "a");
      dispatcher.cancel(1, "a");
      expect(await call).toMatchObject({ ok: false, fault: "cancelled" });
      expect(aborted).toHaveLength(1);
    });

    it("stops no call of another page, and bears names that it does not know", async () => {
      const aborted: string[] = [];
      open(hanging(aborted));
      const call = begin(1, "a");
      dispatcher.cancel(2, "a");
      dispatcher.cancel(1, "b");
      dispatcher.cancel(1, { toString: () => "a" });
      expect(aborted).toHaveLength(0);
      dispatcher.cancelAll(1);
      expect(await call).toMatchObject({ fault: "cancelled" });
    });

    it("refuses a second call under a name that is in use", async () => {
      open(hanging([]));
      const call = begin(1, "a");
      expect(await begin(1, "a")).toMatchObject({ fault: "invalid_input" });
      dispatcher.cancelAll(1);
      await call;
    });
  });
});

describe("handlers", () => {
  it("do not compile with one missing", () => {
    type Fits<T> = T extends QueryHandlers ? true : false;
    const whole: Fits<QueryHandlers> = true;
    const without: Fits<Omit<QueryHandlers, "drafts.get">> = false;
    expect([whole, without]).toEqual([true, false]);
  });
});
