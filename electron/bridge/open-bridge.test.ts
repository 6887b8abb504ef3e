import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ok } from "#shared/contract/fault.ts";
import { openLog } from "#electron/log/log.ts";
import { createTestDesktop, type TestPage } from "#electron/platform/testing/test-desktop.ts";
import { CALL_CHANNEL, CANCEL_CHANNEL, SUBSCRIBE_CHANNEL, TOPIC_CHANNEL } from "./channels.ts";
import type { Handlers } from "./handlers.ts";
import { isOwnPage, openBridge } from "./open-bridge.ts";
import { createTopicDesk, type TopicDesk } from "./topics.ts";

const OWN = "app://bundle/index.html";
const current = { kind: "query", name: "account.current", input: {} };

describe("bridge", () => {
  let folder: string;
  let desktop: ReturnType<typeof createTestDesktop>;
  let topics: TopicDesk;
  let signals: AbortSignal[];
  let answers: boolean;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bridge-"));
    desktop = createTestDesktop();
    topics = createTopicDesk();
    signals = [];
    answers = true;
    const query = {
      "account.current": (_input: unknown, { signal }: { signal: AbortSignal }) => {
        signals.push(signal);
        return answers ? Promise.resolve(ok("me")) : new Promise(() => undefined);
      },
    };
    const handlers = { query, command: {}, request: {} } as unknown as Handlers;
    openBridge(desktop.calls, handlers, topics, openLog(folder));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const heard = (page: TestPage) =>
    page.received.filter(({ channel }) => channel === TOPIC_CHANNEL).map(({ value }) => value);

  it("answers the app's own page", async () => {
    expect(await desktop.page(OWN).invoke(CALL_CHANNEL, current)).toEqual({
      ok: true,
      value: "me",
    });
  });

  it.each([
    ["the internet", "https://evil.example/index.html", true],
    ["another host of the scheme", "app://other/index.html", true],
    ["a look-alike", "app://bundle.evil.example/index.html", true],
    ["a file", "file:///index.html", true],
    ["a blank page", "about:blank", true],
    ["a frame that is gone", "", true],
    ["a frame inside the page", OWN, false],
  ])("refuses %s", async (_who, url, isMainFrame) => {
    const page = desktop.page(url, isMainFrame);
    expect(await page.invoke(CALL_CHANNEL, current)).toMatchObject({ fault: "refused" });
    page.tell(SUBSCRIBE_CHANNEL, { name: "account.changed", on: true });
    topics.publish("account.changed", {});
    expect(page.received).toEqual([]);
    expect(signals).toEqual([]);
    expect(readFileSync(join(folder, "main.jsonl"), "utf8")).toContain('"reason":"sender"');
  });

  it("knows its own pages by scheme and host, whatever the path", () => {
    expect(isOwnPage({ frameUrl: "app://bundle/a/b.html#/today", isMainFrame: true })).toBe(true);
    expect(isOwnPage({ frameUrl: "APP://BUNDLE/", isMainFrame: false })).toBe(false);
  });

  it("tells a page of the topics that it asked for, and of no others", () => {
    const page = desktop.page(OWN);
    const other = desktop.page(OWN);
    page.tell(SUBSCRIBE_CHANNEL, { name: "account.changed", on: true });
    other.tell(SUBSCRIBE_CHANNEL, { name: "sync.changed", on: true });
    topics.publish("account.changed", {});
    expect(heard(page)).toEqual([{ name: "account.changed", event: {} }]);
    expect(heard(other)).toEqual([]);
    page.tell(SUBSCRIBE_CHANNEL, { name: "account.changed", on: false });
    topics.publish("account.changed", {});
    expect(heard(page)).toHaveLength(1);
  });

  it.each([{ name: "patients.stolen", on: true }, { name: "constructor", on: true }, "all", null])(
    "bears a subscription to what is no topic: %j",
    (value) => {
      const page = desktop.page(OWN);
      page.tell(SUBSCRIBE_CHANNEL, value);
      topics.publish("account.changed", {});
      expect(page.received).toEqual([]);
    },
  );

  it("ends subscriptions and running calls when the page goes away", () => {
    const page = desktop.page(OWN);
    answers = false;
    void page.invoke(CALL_CHANNEL, current);
    page.tell(SUBSCRIBE_CHANNEL, { name: "account.changed", on: true });
    page.leave();
    topics.publish("account.changed", {});
    expect(page.received).toEqual([]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it("lets the page that comes next in the same window subscribe anew", () => {
    const page = desktop.page(OWN);
    page.tell(SUBSCRIBE_CHANNEL, { name: "account.changed", on: true });
    page.leave();
    page.tell(SUBSCRIBE_CHANNEL, { name: "account.changed", on: true });
    topics.publish("account.changed", {});
    expect(heard(page)).toHaveLength(1);
    page.leave();
    topics.publish("account.changed", {});
    expect(heard(page)).toHaveLength(1);
  });

  it("cancels a call by its id", () => {
    const page = desktop.page(OWN);
    answers = false;
    void page.invoke(CALL_CHANNEL, { ...current, callId: "a" });
    page.tell(CANCEL_CHANNEL, "a");
    expect(signals[0]?.aborted).toBe(true);
  });
});
