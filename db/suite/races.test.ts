import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asUser, engines, paste, sqlStateOf, stateOf, titleOf } from "./engine.ts";
import type { Connection, Project } from "./project.ts";
import { pass } from "./feed-reader.ts";
import { insertPeople, people } from "./world.ts";

const { doctor, patient } = people;

/** How long the writers of the adversarial feed write. */
const FEED_MS = Number(process.env.FEED_SECONDS ?? 6) * 1000;

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

for (const engine of engines.filter((one) => one.concurrent)) {
  describe.skipIf(engine.absent !== null)(`many at once on ${titleOf(engine)}`, () => {
    let project: Project;
    let connections: Connection[];

    beforeAll(async () => {
      await engine.start();
      project = await engine.createProject();
      await paste(project);
      await insertPeople(project);
      connections = await Promise.all(Array.from({ length: 16 }, () => project.connect()));
    });
    afterAll(async () => {
      await project.close();
      await engine.stop();
    });

    const newAppointments = (count: number) =>
      project.query<{ id: string }>(
        `insert into appointments (patient_id, doctor_id, starts_at)
         select '${patient}', '${doctor}', now() from generate_series(1, ${count}) returning id`,
      );
    const newSession = async (): Promise<string> => {
      const [appointment] = await newAppointments(1);
      const [session] = await project.query<{ id: string }>(
        `insert into consultation_sessions (appointment_id, patient_id, doctor_id, consultation_type)
         values ('${appointment?.id}', '${patient}', '${doctor}', 'chat') returning id`,
      );
      return String(session?.id);
    };

    it("two sides that join in the same instant share one session", async () => {
      const appointments = await newAppointments(20);
      for (const { id } of appointments) {
        const answers = await Promise.all(
          connections
            .slice(0, 8)
            .map((connection, at) =>
              asUser(connection, at % 2 === 0 ? doctor : patient, (sql) =>
                sql.query<{ id: string }>("select id from start_consultation($1, $2, $3, 'chat')", [
                  id,
                  patient,
                  doctor,
                ]),
              ),
            ),
        );
        expect(new Set(answers.map(([session]) => session?.id)).size).toBe(1);
      }
    });

    it("plain inserts of the same instant leave one session too; without the index they would not", async () => {
      const insertAll = async (id: string) => {
        const states = await Promise.all(
          connections.slice(0, 8).map((connection) =>
            stateOf(
              asUser(connection, doctor, (sql) =>
                sql.exec(`insert into consultation_sessions (appointment_id, patient_id, doctor_id, consultation_type)
                  values ('${id}', '${patient}', '${doctor}', 'chat')`),
              ),
            ),
          ),
        );
        return states.toSorted();
      };
      const [first, second] = await newAppointments(2);
      expect(await insertAll(String(first?.id))).toEqual(["00000", ...Array(7).fill("23505")]);
      const index = `create unique index consultation_sessions_one_live
        on consultation_sessions (appointment_id) where status <> 'ended'`;
      await project.exec("drop index consultation_sessions_one_live");
      expect(await insertAll(String(second?.id))).toEqual(Array(8).fill("00000"));
      await project.exec(
        `delete from consultation_sessions where appointment_id = '${second?.id}'; ${index}`,
      );
    });

    /** 16 connections write plain, conflicting and rolled-back inserts into one session. */
    async function writeFromAll(
      session: string,
    ): Promise<{ rows: number; highest: number; last: number }> {
      const shared = Array.from({ length: 20 }, () => randomUUID());
      const insert = (id: string, conflict: string) =>
        `insert into consultation_messages (id, session_id, sender_id, sender_role, sender_name, content)
         values ('${id}', '${session}', '${doctor}', 'doctor', 'x', 'hello') ${conflict}`;
      const unexpected: string[] = [];
      await Promise.all(
        connections.map(async (connection, writer) => {
          const random = randomFrom(writer + 1);
          for (let turn = 0; turn < 20; turn += 1) {
            const dice = random();
            const id =
              dice < 0.5 ? randomUUID() : String(shared[Math.floor(random() * shared.length)]);
            const state = await stateOf(
              asUser(connection, doctor, async (sql) => {
                await sql.exec(insert(id, dice < 0.75 ? "on conflict (id) do nothing" : ""));
                if (random() < 0.2) await sql.exec("select 1 / 0");
              }),
            );
            if (!["00000", "23505", "22012"].includes(state)) unexpected.push(state);
          }
        }),
      );
      expect(unexpected).toEqual([]);
      const [sums] = await project.query<{ rows: number; highest: number; last: number }>(
        `select count(*)::int as rows, max(seq)::int as highest,
           (select last_seq::int from consultation_sessions where id = '${session}') as last
         from consultation_messages where session_id = '${session}'`,
      );
      if (!sums) throw new Error("no sums");
      return sums;
    }

    it("numbers messages without a gap on every path; a counter that does not look again leaves gaps", async () => {
      const sums = await writeFromAll(await newSession());
      expect(sums.rows).toBeGreaterThan(100);
      expect([sums.highest, sums.last]).toEqual([sums.rows, sums.rows]);

      // The guard off: the same trigger, blind to a message that is there already.
      const [kept] = await project.query<{ definition: string }>(
        "select pg_get_functiondef('consultation_private.number_message()'::regprocedure) as definition",
      );
      const definition = String(kept?.definition);
      const blind = definition.replace(
        /if exists \(select from public\.consultation_messages m/,
        "if false and exists (select from public.consultation_messages m",
      );
      expect(blind).not.toBe(definition);
      await project.exec(blind);
      const gaps = await writeFromAll(await newSession());
      await project.exec(definition);
      expect(gaps.last).toBeGreaterThan(gaps.rows);
    });

    it("loses no row behind a slow transaction, where a cursor by time loses some", async () => {
      const sessions = await Promise.all(Array.from({ length: 30 }, newSession));
      const halt = new AbortController();
      let transactions = 0;
      let rolledBack = 0;

      const write = async (connection: Connection, seed: number) => {
        const random = randomFrom(seed);
        const mine: string[] = [];
        const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
        while (!halt.signal.aborted) {
          const written: string[] = [];
          try {
            await connection.exec("begin");
            // The transaction's id is taken early, its rows are written late.
            if (random() < 0.3) {
              await connection.exec("select pg_current_xact_id()");
              await sleep(random() * 60);
            }
            const dice = random();
            if (dice < 0.75 || mine.length === 0) {
              const id = randomUUID();
              await connection.exec(`insert into consultation_messages (id, session_id, sender_id, sender_role, sender_name, content)
                values ('${id}', '${pick(sessions)}', '${doctor}', 'doctor', 'x', 'hello')`);
              written.push(id);
            } else if (dice < 0.93) {
              await connection.exec(
                `update consultation_messages set content = content || 'x' where id = '${pick(mine)}'`,
              );
            } else {
              await connection.exec(`delete from consultation_messages where id = '${pick(mine)}'`);
            }
            await sleep(random() < 0.03 ? 800 : random() * 40);
            if (random() < 0.08) {
              await connection.exec("rollback");
              rolledBack += 1;
            } else {
              await connection.exec("commit");
              mine.push(...written);
              transactions += 1;
            }
          } catch (error) {
            // Deadlocks are part of the trial.
            if (sqlStateOf(error) !== "40P01") throw error;
            await connection.exec("rollback");
          }
        }
      };

      /** What a cache holds that follows the feed: revision by id, null once erased. */
      const cache = new Map<string, number | null>();
      let prev: string | null = null;
      const follow = async (connection: Connection) => {
        const { rows, snapshot } = await pass(connection, doctor, prev, 60);
        for (const { kind, id, row } of rows) {
          if (kind === "tombstone") cache.set(id, null);
          const known = cache.get(id);
          if (kind === "message" && known !== null && Number(row.rev) > (known ?? 0))
            cache.set(id, Number(row.rev));
        }
        prev = snapshot;
        return rows.length;
      };
      /** The usual cursor: the newest time that was seen. */
      const naive = new Set<string>();
      let newest = "-infinity";
      const followByTime = async (connection: Connection) => {
        const rows = await connection.query<{ id: string; created_at: string }>(
          `select id, created_at::text from consultation_messages where doctor_id = '${doctor}'
           and created_at > $1 order by created_at`,
          [newest],
        );
        for (const { id, created_at } of rows) {
          naive.add(id);
          newest = created_at;
        }
      };

      const [reader, timeReader, ...writers] = connections as [
        Connection,
        Connection,
        ...Connection[],
      ];
      const writersDone = Promise.all(writers.slice(0, 8).map((one, at) => write(one, at + 11)));
      const poll = async (step: () => Promise<unknown>) => {
        while (!halt.signal.aborted) {
          await step();
          await sleep(15);
        }
      };
      const readersDone = Promise.all([
        poll(() => follow(reader)),
        poll(() => followByTime(timeReader)),
      ]);
      await sleep(FEED_MS);
      halt.abort();
      await Promise.all([writersDone, readersDone]);
      await follow(reader);
      expect(await follow(reader)).toBe(0);
      await followByTime(timeReader);

      const truth = await project.query<{ id: string; rev: string }>(
        `select id, rev from consultation_messages where doctor_id = '${doctor}'`,
      );
      const wrong = truth.filter(({ id, rev }) => cache.get(id) !== Number(rev));
      const alive = new Set(truth.map(({ id }) => id));
      const ghosts = [...cache].filter(([id, rev]) => rev !== null && !alive.has(id));
      const lostByTime = truth.filter(({ id }) => !naive.has(id)).length;
      process.stdout.write(
        `adversarial feed: ${transactions} transactions, ${rolledBack} rolled back, ${truth.length} rows; ` +
          `lost by the snapshot cursor ${wrong.length}, by a cursor of time ${lostByTime}\n`,
      );
      expect(transactions).toBeGreaterThan(100);
      expect({ wrong, ghosts }).toEqual({ wrong: [], ghosts: [] });
      expect(lostByTime).toBeGreaterThan(0);
    });
  });
}
