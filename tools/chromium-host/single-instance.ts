import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { host } from "./host.ts";

export type SecondInstance = { argv: string[]; cwd: string; additionalData?: unknown };

let server: Server | null = null;

/**
 * Takes the lock of a user-data folder; false when another process holds it, which then hears
 * about this one. The lock of a process that has died is taken over.
 */
export function requestLock(
  userData: string,
  additionalData: unknown,
  onSecond: (second: SecondInstance) => void,
): boolean {
  if (server) return true;
  const file = join(userData, "SingleInstance");
  // A socket's path must stay short, so it is named by a digest and lies outside.
  const digest = createHash("sha256").update(userData).digest("hex").slice(0, 16);
  const socket = join(tmpdir(), `chromium-host-${digest}`);
  if (!writeLock(file)) {
    const told = tell(socket, { argv: process.argv, cwd: process.cwd(), additionalData });
    host.exitTasks.push(() => told);
    return false;
  }
  rmSync(socket, { force: true });
  server = createServer({ allowHalfOpen: true }, (connection) => {
    let text = "";
    connection.on("data", (bytes) => (text += bytes));
    connection.on("end", () => {
      connection.end();
      onSecond(JSON.parse(text) as SecondInstance);
    });
  });
  server.listen(socket).unref();
  host.exitTasks.push(releaseLock);
  release = () => {
    rmSync(file, { force: true });
    rmSync(socket, { force: true });
  };
  return true;
}

let release = () => {};

export function releaseLock(): void {
  server?.close();
  server = null;
  release();
  release = () => {};
}

export function hasLock(): boolean {
  return server !== null;
}

function writeLock(file: string): boolean {
  for (const lastTry of [false, true]) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return true;
    } catch {
      if (lastTry || isAlive(Number(readFileSync(file, "utf8")))) return false;
      rmSync(file, { force: true });
    }
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function tell(socket: string, second: SecondInstance): Promise<void> {
  return new Promise((resolve) => {
    const connection = connect(socket, () => connection.end(JSON.stringify(second)));
    connection.on("close", () => resolve());
    connection.on("error", () => resolve());
  });
}
