import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asUser, engines, paste, sqlStateOf, titleOf } from "#db/suite/engine.ts";
import type { Connection, Project } from "#db/suite/project.ts";
import { insertPeople, people } from "#db/suite/world.ts";
import { MessageId, SessionId, UserId } from "#shared/model/ids.ts";
import { DiskClient } from "./disk-client.ts";
import { FaultyRemote } from "./faulty-remote.ts";
import { findDifferences } from "./invariants.ts";
import { intact, mutations, type Mutation } from "./mutations.ts";
import { PostgresRemote } from "./postgres-remote.ts";
import type { Kind, Version } from "./sim-server.ts";
import type { Fate } from "./workstation.ts";

// A workstation beside adversarial writers on a real PostgreSQL: transactions that take their number
// early and write late, that stay open for long, that roll back, and take access away. The network
// loses and doubles, the process dies and starts again. `SYNC_SECONDS` says for how long.

const STORM_MS = Number(process.env["SYNC_SECONDS"] ?? 6) * 1000;
const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 2 ** 31);
const WRITERS = 8;
const FATES: Fate[] = ["lost", "late", "twice", "server", "quota", "not_signed_in"];

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
type Random = () => number;
const pickOf = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)] as T;

const { doctor, otherDoctor, patient } = people;

/** What row security shows the doctor. */
async function listVisible(connection: Connection): Promise<Version[]> {
  const ask = (kind: Kind, table: string, id: string, sessionId: string) =>
    asUser(connection, doctor, async (sql) => {
      const rows = await sql.query<{ id: string; session: string; row: Version["row"] }>(
        `select ${id} as id, ${sessionId} as session, to_jsonb(t) as row from ${table} t`,
      );
      return rows.map(({ id: rowId, session, row }) => {
        return { kind, id: rowId, sessionId: SessionId.parse(session), xid: 0, row };
      });
    });
  return [
    ...(await ask("session", "consultation_sessions", "id", "id")),
    ...(await ask("message", "consultation_messages", "id", "session_id")),
    ...(await ask("access", "consultation_access", "session_id", "session_id")),
  ];
}

for (const engine of engines.filter((one) => one.concurrent)) {
  describe.skipIf(engine.absent !== null)(`a workstation beside ${titleOf(engine)}`, () => {
    let project: Project;
    const clients: DiskClient[] = [];

    beforeAll(async () => {
      await engine.start();
      project = await engine.createProject();
      await paste(project);
      await insertPeople(project);
    }, 60_000);
    afterAll(async () => {
      for (const client of clients) await client.close();
      await project.close();
      await engine.stop();
    });

    /** A session of the doctor's own, or one to which he is let in. */
    async function newSession(place: number): Promise<SessionId> {
      const id = SessionId.parse(randomUUID());
      const owner = place % 3 === 0 ? otherDoctor : doctor;
      await project.exec(`
        insert into appointments (id, patient_id, doctor_id, starts_at) values ('${id}', '${patient}', '${owner}', now());
        insert into consultation_sessions (id, appointment_id, patient_id, doctor_id, consultation_type)
          values ('${id}', '${id}', '${patient}', '${owner}', 'chat')`);
      if (owner !== doctor) await project.exec(setAccess(id, true));
      return id;
    }
    const setAccess = (id: string, granted: boolean) =>
      `insert into consultation_access (user_id, session_id, role, granted)
       values ('${doctor}', '${id}', 'doctor', ${granted})
       on conflict (user_id, session_id) do update set granted = excluded.granted`;

    async function makeClient(mutation: Mutation) {
      const remote = new PostgresRemote(UserId.parse(doctor), await project.connect());
      const network = new FaultyRemote();
      const make = () => network.wrap(mutation.remote(bare(remote)));
      const client = new DiskClient(UserId.parse(doctor), make);
      clients.push(client);
      await client.start();
      return { client, network, remote };
    }

    it(
      "S1–S12: loses, keeps and doubles nothing, where a cursor of time loses rows",
      { timeout: STORM_MS * 3 + 60_000 },
      async () => {
        const sessions = await Promise.all(Array.from({ length: 9 }, (_, at) => newSession(at)));
        const halt = new AbortController();
        const sum = { committed: 0, rolledBack: 0, deadlocks: 0 };

        const act = (random: Random, sessionId: SessionId): string => {
          const dice = random();
          const some = `(select id from consultation_messages where session_id = '${sessionId}'
            order by seq desc offset ${Math.floor(random() * 5)} limit 1)`;
          if (dice < 0.65) {
            return `insert into consultation_messages (session_id, sender_id, sender_role, sender_name, content)
              values ('${sessionId}', '${patient}', 'patient', 'x', 'hello')`;
          }
          if (dice < 0.8) {
            return `update consultation_messages set content = content || 'x' where id = ${some}`;
          }
          if (dice < 0.87) {
            return `update consultation_messages set deleted_at = now() where id = ${some}`;
          }
          if (dice < 0.93) return `delete from consultation_messages where id = ${some}`;
          return setAccess(sessionId, random() < 0.6);
        };

        const write = async (connection: Connection, random: Random) => {
          while (!halt.signal.aborted) {
            try {
              await connection.exec("begin");
              // The transaction's number is taken early, its rows are written late.
              if (random() < 0.3) {
                await connection.exec("select pg_current_xact_id()");
                await sleep(random() * 60);
              }
              for (let turn = 0; turn <= random() * 2; turn++) {
                await connection.exec(act(random, pickOf(random, sessions)));
              }
              await sleep(random() < 0.03 ? 600 : random() * 40);
              const isKept = random() > 0.1;
              await connection.exec(isKept ? "commit" : "rollback");
              if (isKept) sum.committed += 1;
              else sum.rolledBack += 1;
            } catch (error) {
              // Deadlocks are part of the trial.
              if (sqlStateOf(error) !== "40P01") throw error;
              await connection.exec("rollback");
              sum.deadlocks += 1;
            }
          }
        };

        const exact = await makeClient(intact);
        const byTime = await makeClient(mutations["S1: a cursor of time instead of a snapshot"]);
        const written: MessageId[] = [];

        /** The doctor writes, the network is bad, the process dies. */
        const use = async (random: Random) => {
          while (!halt.signal.aborted) {
            const dice = random();
            const { client, network, remote } = exact;
            if (dice < 0.4) network.fates.push(pickOf(random, FATES));
            else if (dice < 0.7) {
              const id = MessageId.parse(randomUUID());
              const sessionId = pickOf(random, sessions);
              const message = { id, sessionId, content: "my own", senderName: "Dr Doctor" };
              const isKept = await client.person((cache) => cache.write("message.queue", message));
              if (isKept) written.push(id);
            } else if (dice < 0.97) remote.hint();
            else {
              await client.kill();
              await client.start();
            }
            byTime.remote.hint();
            await sleep(random() * 30);
          }
        };

        const connections = await Promise.all(
          Array.from({ length: WRITERS }, () => project.connect()),
        );
        const storm = Promise.all([
          ...connections.map((one, at) => write(one, randomFrom(seed + at))),
          use(randomFrom(seed + WRITERS)),
        ]);
        await Promise.race([storm, sleep(STORM_MS)]);
        halt.abort();
        await storm;

        exact.network.fates = [];
        for (let pass = 0; pass < 3; pass++) {
          await Promise.all([exact.client.flow(), byTime.client.flow()]);
        }
        const visible = await listVisible(project);
        const wrong = exact.client.look((store) => findDifferences(visible, store));
        const wrongByTime = byTime.client.look((store) => findDifferences(visible, store));
        const waiting = exact.client.look(({ outbox }) =>
          outbox.prepare("select id, state from messages").all(),
        ) as { id: string; state: string }[];
        const known = await project.query<{ id: string }>(
          `select id from consultation_messages where sender_id = '${doctor}'
           union all select id from consultation_tombstones`,
        );
        const safe = new Set([...known, ...waiting].map(({ id }) => id));
        const { committed, rolledBack, deadlocks } = sum;
        process.stdout.write(
          `workstation on PostgreSQL, seed ${seed}: ${committed} transactions, ${rolledBack} rolled back, ` +
            `${deadlocks} deadlocks, ${exact.network.faults} faults, ${exact.client.kills} kills, ` +
            `${written.length} messages sent, ${visible.length} rows compared; ` +
            `wrong with the snapshot ${wrong.length}, with a cursor of time ${wrongByTime.length}\n`,
        );
        expect(committed).toBeGreaterThan(20);
        expect({ wrong, bugs: exact.client.bugs }).toEqual({ wrong: [], bugs: [] });
        expect(waiting.filter(({ state }) => state !== "refused")).toEqual([]);
        expect(written.filter((id) => !safe.has(id))).toEqual([]);
        expect(wrongByTime.length).toBeGreaterThan(0);
      },
    );
  });
}

/** A remote as the plain object that a mutation can spread. */
const bare = (remote: PostgresRemote) => ({
  userId: remote.userId,
  snapshot: remote.snapshot,
  pullSince: remote.pullSince,
  pullSession: remote.pullSession,
  sendMessage: remote.sendMessage,
  endSession: remote.endSession,
  listAppointments: remote.listAppointments,
  listPeople: remote.listPeople,
  listen: remote.listen.bind(remote),
});
