import { createClient } from "@supabase/supabase-js";
import { afterEach, describe, expect, it } from "vitest";
import { UserId } from "#shared/model/ids.ts";
import { createRemote } from "./remote.ts";
import { SCHEMA_VERSION } from "./versions.ts";

// What the server says of itself, answered in its place.

const userId = UserId.parse("0190a000-0000-7000-8000-00000000d0c1");
const { signal } = new AbortController();
const epoch = "e";
const server_time = "2026-11-20T10:00:00+00:00";
let asked: string[] = [];
let answers: Record<string, { status?: number; body: unknown }>;
afterEach(() => void (asked = []));

const remote = (appVersion?: string) => {
  const client = createClient("http://127.0.0.1:9", "key", {
    auth: { persistSession: false },
    global: {
      fetch: async (input) => {
        const name = new URL(String(input)).pathname.split("/").at(-1) ?? "";
        asked.push(name);
        const { status = 200, body } = answers[name] ?? { status: 404, body: {} };
        return Response.json(body, { status });
      },
    },
  });
  return createRemote(client, userId, appVersion);
};
const serve = (schema_version: number, min_client: string) => {
  const status = { schema_version, min_client, epoch, server_time, user_id: null };
  answers = {
    sync_snapshot: { body: { snapshot: "800:800:", epoch, schema_version, server_time } },
    consultation_status: { body: { ...status, person: null, settings: null } },
  };
};

describe("a script and an app of different versions", () => {
  it("S22: says that an older script must be pasted again, at every pass until it is", async () => {
    serve(SCHEMA_VERSION - 1, "0");
    const of = remote("1.0.0");
    expect(await of.snapshot(signal)).toMatchObject({ ok: false, fault: "tables_old" });
    expect(await of.snapshot(signal)).toMatchObject({ ok: false, fault: "tables_old" });
    serve(SCHEMA_VERSION, "0");
    expect(await of.snapshot(signal)).toMatchObject({ ok: true });
  });

  it("S22: says that a newer script asks for a newer app", async () => {
    serve(SCHEMA_VERSION + 1, "2.0.0");
    expect(await remote("1.9.0").snapshot(signal)).toMatchObject({ ok: false, fault: "app_old" });
  });

  it("S22: works with a newer script that takes this app, and asks it once", async () => {
    serve(SCHEMA_VERSION + 1, "1.0.0");
    const of = remote("1.9.0");
    for (let at = 0; at < 3; at++) expect(await of.snapshot(signal)).toMatchObject({ ok: true });
    expect(asked.filter((name) => name === "consultation_status")).toHaveLength(1);
  });
});

describe("a server that cannot be the one to ask", () => {
  it.each([
    ["25006", "This is a read replica: synchronise with the primary.", "server"],
    ["25006", "cannot execute INSERT in a read-only transaction", "quota"],
    ["CR004", "The cursor is ahead of this database", "history_changed"],
  ])("S6: %s (%s) is %s", async (code, message, fault) => {
    answers = { sync_snapshot: { status: 400, body: { code, message } } };
    expect(await remote().snapshot(signal)).toMatchObject({ ok: false, fault });
  });
});
