import { findPerson, getAppointment, listAppointments } from "./appointments.ts";
import { getDrafts } from "./drafts.ts";
import { getFeedState, listBackfills } from "./feed.ts";
import { getStats } from "./limits.ts";
import { listMessages } from "./messages.ts";
import { listOutbox } from "./outbox-list.ts";
import { countOutbox } from "./outbox-messages.ts";
import { searchMessages } from "./search.ts";
import {
  findAppointmentOf,
  getSession,
  listSessions,
  listSessionsForAppointment,
} from "./sessions.ts";
import { getTold, listRooms } from "./told.ts";
import type { Reading } from "./stores.ts";

/** Everything that the reader thread answers. Names of queries are those of the contract. */
export const reads = {
  "sessions.list": listSessions,
  "sessions.get": getSession,
  "sessions.appointmentOf": findAppointmentOf,
  "sessions.listForAppointment": listSessionsForAppointment,
  "appointments.list": listAppointments,
  "appointments.get": getAppointment,
  "people.find": findPerson,
  "messages.list": listMessages,
  "messages.search": searchMessages,
  "drafts.get": getDrafts,
  "cache.stats": (db: Reading) => getStats(db),
  "outbox.list": (db: Reading) => listOutbox(db),
  "outbox.count": (db: Reading) => countOutbox(db),
  "feed.state": (db: Reading) => getFeedState(db),
  "told.serial": (db: Reading) => getTold(db),
  "told.rooms": listRooms,
  "feed.backfills": (db: Reading) => listBackfills(db),
} as const;

export type Reads = typeof reads;
