import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { DEMO_DOCTOR } from "#db/seed/people.ts";
import { connect } from "./testing/clients.ts";

const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "local-supabase-cli-"));
const running = new Set<ChildProcess>();

type Ready = { url: string; anonKey: string; serviceKey: string; dataDir: string };

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(parameters: string[], stdio: StdioOptions = ["pipe", "pipe", "pipe"]) {
  const child = spawn(process.execPath, [CLI, ...parameters], { stdio });
  running.add(child);
  let printed = "";
  const lines: ((line: string) => void)[] = [];
  child.stdout?.on("data", (chunk) => {
    printed += chunk;
    if (printed.startsWith("{") && printed.endsWith("\n")) for (const hear of lines) hear(printed);
  });
  child.stderr?.on("data", (chunk) => (printed += chunk));
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  const ready = new Promise<Ready>((resolve, reject) => {
    lines.push((line) => resolve(JSON.parse(line)));
    void ended.then(() => reject(new Error(`It ended: ${printed}`)));
  });
  // A test that only waits for the end does not want this to be an unhandled failure.
  ready.catch(() => undefined);
  return { child, ready, ended, printed: () => printed };
}

const start = (dataDir: string, ...more: string[]) =>
  run(["start", "--port=0", `--data=${dataDir}`, ...more]);

describe("start", () => {
  it("says in one line of JSON where it is, and ends cleanly on SIGTERM", async () => {
    const backend = start(join(folder, "a"));
    const { url, anonKey } = await backend.ready;
    expect(anonKey).toMatch(/^sb_publishable_/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(backend.printed().trim().split("\n")).toHaveLength(1);
    backend.child.kill("SIGTERM");
    expect(await backend.ended).toBe(0);
    expect(existsSync(join(folder, "a", "in-use.lock"))).toBe(false);
  });

  it("tells a second process whose data folder it is", async () => {
    const first = start(join(folder, "a"));
    await first.ready;
    const second = start(join(folder, "a"));
    expect(await second.ended).toBe(1);
    expect(second.printed()).toBe(
      `The data folder ${join(folder, "a")} is in use by process ${first.child.pid}. Stop that backend first, or give another folder with --data.\n`,
    );
  });

  it("tells that its port is taken", async () => {
    const first = start(join(folder, "a"));
    const { port } = new URL((await first.ready).url);
    const second = run(["start", `--port=${port}`, `--data=${join(folder, "b")}`]);
    expect(await second.ended).toBe(1);
    expect(second.printed()).toMatch(new RegExp(`^Port ${port} is in use`));
  });

  it("ends when its parent's pipe closes", async () => {
    const backend = start(join(folder, "a"));
    await backend.ready;
    backend.child.stdin?.end();
    expect(await backend.ended).toBe(0);
  });

  it("ends when its parent's channel closes", async () => {
    const backend = run(
      ["start", "--port=0", `--data=${join(folder, "a")}`],
      ["ignore", "pipe", "pipe", "ipc"],
    );
    await backend.ready;
    backend.child.disconnect();
    expect(await backend.ended).toBe(0);
  });

  it("explains itself to who calls it wrongly", async () => {
    const wrong = run(["stat"]);
    expect(await wrong.ended).toBe(1);
    expect(wrong.printed()).toMatch(/^Usage:/);
  });

  it("explains itself when asked, and when an option is mistyped", async () => {
    const asked = run(["--help"]);
    expect(await asked.ended).toBe(0);
    expect(asked.printed()).toMatch(/^Usage:/);
    const mistyped = run(["start", "--prot=0"]);
    expect(await mistyped.ended).toBe(1);
    expect(mistyped.printed()).toMatch(/^Usage:/);
  });
});

describe("start --demo", () => {
  const dataDir = join(folder, "demo");
  const pages = join(folder, "pages");

  it("keeps what was written when it is killed as by a power cut, and prints no one's words", async () => {
    mkdirSync(pages);
    writeFileSync(join(pages, "index.html"), "<!doctype html><title>Patient</title>");
    const first = start(dataDir, "--demo", `--static=${pages}`);
    const { url, anonKey } = await first.ready;
    const page = await fetch(`${url}/patient/`);
    expect(await page.text()).toContain("<title>Patient</title>");

    const client = connect({ url }, anonKey);
    const { email, password, id } = DEMO_DOCTOR;
    expect((await client.auth.signInWithPassword({ email, password })).error).toBeNull();
    const today = await client.from("clinic_appointments").select("id, patient_id, doctor_id");
    const appointment = today.data?.find(({ doctor_id }) => doctor_id === id);
    const session = await client.rpc("start_consultation", {
      p_appointment_id: appointment?.id,
      p_patient_id: appointment?.patient_id,
      p_doctor_id: id,
      p_consultation_type: "chat",
    });
    expect(session.error).toBeNull();
    const words = `secret words ${crypto.randomUUID()}`;
    const message = {
      session_id: session.data.id,
      sender_id: id,
      sender_role: "doctor",
      sender_name: "x",
      message_type: "text",
      content: words,
    };
    expect((await client.from("consultation_messages").insert(message)).error).toBeNull();
    const wrong = { ...message, message_type: "wrong" };
    expect((await client.from("consultation_messages").insert(wrong)).error).not.toBeNull();
    first.child.kill("SIGKILL");
    await first.ended;
    expect(first.printed()).not.toContain("secret words");
    expect((await client.from("consultation_messages").select()).error).not.toBeNull();

    const second = run(["start", "--demo", `--port=${new URL(url).port}`, `--data=${dataDir}`]);
    await second.ready;
    const kept = await client.from("consultation_messages").select("content").eq("content", words);
    expect(kept.data).toEqual([{ content: words }]);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
  });

  it("is forgotten by reset, but not while it runs", async () => {
    const backend = start(dataDir);
    await backend.ready;
    const early = run(["reset", `--data=${dataDir}`]);
    expect(await early.ended).toBe(1);
    backend.child.kill("SIGTERM");
    await backend.ended;
    const reset = run(["reset", `--data=${dataDir}`]);
    expect(await reset.ended).toBe(0);
    expect(existsSync(join(dataDir, "database"))).toBe(false);
  });
});
