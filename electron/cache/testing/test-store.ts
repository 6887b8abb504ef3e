import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 } from "uuid";
import { AppointmentId, MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import { openCache, type Cache, type CacheOptions } from "../cache.ts";
import { openForWriting, type OpenStore } from "../store.ts";
import type { Unsafe, Writing } from "../stores.ts";

// What tests of this room and of sync share: real files, real worker threads, invented rows.

export const workerUrl = new URL("../worker.ts", import.meta.url);

export const doctorId = UserId.parse("0190a000-0000-7000-8000-00000000d0c1");
export const patientId = UserId.parse("0190a000-0000-7000-8000-0000000000a1");
export const appointmentId = AppointmentId.parse("0190a000-0000-7000-8000-0000000000b1");

export const newSessionId = (): SessionId => SessionId.parse(v7());
export const newId = (): MessageId => MessageId.parse(v7());

export type TestStore = {
  folder: string;
  options: CacheOptions;
  /** Opens the store, again after a close; closed at the end of the test. */
  open(change?: Partial<CacheOptions>): Promise<Cache>;
  /** Closes whatever is open, as the end of a process would. */
  close(): Promise<void>;
  remove(): Promise<void>;
};

/** A folder of its own with a random key. Call `remove` after the test. */
export function makeStore(): TestStore {
  const folder = mkdtempSync(join(tmpdir(), "cache-"));
  const options: CacheOptions = { folder, userId: doctorId, key: randomBytes(32), workerUrl };
  const open: Cache[] = [];
  const close = async (): Promise<void> => {
    for (const cache of open) await cache.close();
  };
  return {
    folder,
    options,
    open: async (change = {}) => {
      const cache = await openCache({ ...options, ...change });
      open.push(cache);
      return cache;
    },
    close,
    remove: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Values = Record<string, unknown>;

/** A page as `pull_since` answers it, from rows given as objects. */
export function makePage(
  rows: { kind: string; xid?: string; id: string; row: Values }[],
  next: { xid: string; id: string } | { seq: number } | null = null,
): unknown {
  const columns: Record<string, string[]> = {};
  for (const { kind, row } of rows) columns[kind] ??= Object.keys(row);
  return {
    columns,
    rows: rows.map(({ kind, xid, id, row }) => [
      kind,
      xid ?? "700",
      id,
      (columns[kind] ?? []).map((name) => row[name] ?? null),
    ]),
    next,
  };
}

export const sessionRow = (id: SessionId, change: Values = {}) => ({
  kind: "session",
  id,
  row: {
    id,
    appointment_id: appointmentId,
    patient_id: patientId,
    doctor_id: doctorId,
    consultation_type: "chat",
    started_at: "2026-11-20T09:00:00.123456+00:00",
    ended_at: null,
    duration_seconds: 0,
    status: "active",
    notes: null,
    created_at: "2026-11-20T09:00:00+00:00",
    topic_key: "0190a000-0000-7000-8000-0000000000c1",
    last_seq: 0,
    last_message_at: null,
    signed_at: null,
    deleted_at: null,
    rev: 1,
    ...change,
  },
});

export const messageRow = (
  sessionId: SessionId,
  seq: number,
  content: string,
  change: Values = {},
) => {
  const id = String(change["id"] ?? newId());
  return {
    kind: "message",
    id,
    row: {
      id,
      session_id: sessionId,
      sender_id: patientId,
      sender_role: "patient",
      sender_name: "Ada Example",
      message_type: "text",
      content,
      file_url: null,
      created_at: "2026-11-20T09:00:01+00:00",
      seq,
      sender_kind: "patient",
      entered_in_error_at: null,
      deleted_at: null,
      rev: 1,
      ...change,
    },
  };
};

export const accessRow = (sessionId: SessionId, granted: boolean, rev = 1, xid = "700") => ({
  kind: "access",
  xid,
  id: sessionId,
  row: {
    user_id: doctorId,
    session_id: sessionId,
    role: "doctor",
    granted,
    expires_at: null,
    rev,
  },
});

/** Opens both files in this thread, for tests of statements. */
export function openHere(options: CacheOptions, unsafe: Unsafe = {}): OpenStore<Writing> {
  return openForWriting({ ...options, unsafe });
}

export const pass = { snapshot: "800:800:", serverTime: "2026-11-20T10:00:00.000Z" };
