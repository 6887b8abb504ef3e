import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import {
  answered,
  composeMessage,
  consultationStatus,
  endConsultation,
  insertMessage,
} from "#shared/consultation/calls.ts";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { SyncSnapshot } from "#shared/consultation/feed.ts";
import {
  APPOINTMENT_COLUMNS,
  appointmentFromRow,
  AppointmentRow,
  PERSON_COLUMNS,
  personFromRow,
  PersonRow,
} from "#shared/consultation/rows.ts";
import type { FaultCode } from "#shared/contract/fault.ts";
import type { UserId } from "#shared/model/ids.ts";
import type { Remote } from "#electron/sync/remote-port.ts";
import { attempt } from "./attempt.ts";
import { listenToRoom } from "./room-channel.ts";
import { listenToUser } from "./user-channel.ts";
import { findVersionFault, SCHEMA_VERSION } from "./versions.ts";

/** Rows of one request; PostgREST caps an answer at 1,000 unless a project says otherwise. */
const PAGE = 500;

/** Reads a whole set in pages that cannot skip a row: each goes on after the last id. */
async function readAll<Row extends { id: string }>(
  page: (afterId: string | null) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const found = await page(rows.at(-1)?.id ?? null);
    // A project may cap pages lower than asked for, so only an empty one is the end.
    if (found.length === 0) return rows;
    rows.push(...found);
  }
}

/**
 * What sync needs of Supabase, over supabase-js, in the name of one signed-in user. Each pass asks
 * whether script and app still fit together.
 */
export function createRemote(client: SupabaseClient, userId: UserId, appVersion = ""): Remote {
  const raw = (name: string, args: object, signal: AbortSignal) =>
    attempt(() => answered(client.rpc(name, args).abortSignal(signal), z.unknown()), signal);

  /** What the last schema that was not this app's own was found to be. */
  let judged: { version: number; fault: FaultCode | null } | null = null;

  /** Throws where the pasted script is too old for this app, or this app too old for the script. */
  const checkSchema = async (version: number): Promise<void> => {
    if (version === SCHEMA_VERSION) return;
    if (judged?.version !== version || judged.fault !== null) {
      const found = findVersionFault(await consultationStatus(client), appVersion);
      judged = { version, fault: found };
    }
    if (judged.fault !== null) throw new ConsultationError(judged.fault);
  };

  return {
    userId,

    snapshot: (signal) =>
      attempt(async () => {
        const found = await answered(client.rpc("sync_snapshot").abortSignal(signal), SyncSnapshot);
        await checkSchema(found.schema_version);
        return {
          snapshot: found.snapshot,
          epoch: found.epoch,
          schemaVersion: found.schema_version,
          serverTime: found.server_time,
        };
      }, signal),

    pullSince: ({ prev, after, limit }, signal) =>
      raw(
        "pull_since",
        { p_prev: prev, p_after_xid: after.xid, p_after_id: after.id, p_limit: limit },
        signal,
      ),

    pullSession: ({ sessionId, afterSeq, limit }, signal) =>
      raw(
        "pull_session",
        { p_session_id: sessionId, p_after_seq: afterSeq, p_limit: limit },
        signal,
      ),

    sendMessage: (message, signal) =>
      attempt(async () => {
        if (message.senderId !== userId) throw new ConsultationError("refused");
        const row = await insertMessage(
          client,
          composeMessage({ ...message, text: message.content }),
        );
        return {
          id: row.id,
          seq: row.seq,
          rev: row.rev ?? 1,
          senderKind: row.sender_kind,
          senderName: row.sender_name,
          createdAt: row.created_at,
        };
      }, signal),

    endSession: ({ sessionId, durationSeconds, notes }, signal) =>
      attempt(async () => {
        const ended = await endConsultation(client, sessionId, durationSeconds, notes ?? undefined);
        if (ended.fault !== null) throw new ConsultationError(ended.fault);
      }, signal),

    listAppointments: ({ from, to }, signal) =>
      attempt(async () => {
        const rows = await readAll((afterId) => {
          const query = client
            .from("clinic_appointments")
            .select(APPOINTMENT_COLUMNS)
            .gte("starts_at", from)
            .lt("starts_at", to)
            .order("id")
            .limit(PAGE)
            .abortSignal(signal);
          return answered(
            afterId === null ? query : query.gt("id", afterId),
            z.array(AppointmentRow),
          );
        });
        return rows.map(appointmentFromRow);
      }, signal),

    listPeople: (signal) =>
      attempt(async () => {
        const rows = await readAll((afterId) => {
          const query = client
            .from("clinic_people")
            .select(PERSON_COLUMNS)
            .order("id")
            .limit(PAGE)
            .abortSignal(signal);
          return answered(afterId === null ? query : query.gt("id", afterId), z.array(PersonRow));
        });
        return rows.map(personFromRow);
      }, signal),

    listen: (listener) => listenToUser(client, userId, listener),
    listenSession: (room, listener) => listenToRoom(client, room, listener),
  };
}
