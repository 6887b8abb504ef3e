import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Cache, CacheOptions } from "#electron/cache/cache.ts";
import { ridOf } from "#electron/cache/rid.ts";
import { newMessageId } from "#shared/model/ids.ts";
import { revocationPage, sessionIdAt } from "../lib/clinic-rows.ts";
import { row, type Row } from "../lib/results.ts";
import type { Run } from "../lib/run.ts";
import { sample, summarise, timed, type Summary } from "../lib/samples.ts";
import { openBare } from "./bare.ts";
import { isLogEmpty, type BuiltStore } from "./build-store.ts";

/** From the call to the answer that the message is on the disk. */
export async function measureSend(run: Run, cache: Cache): Promise<Row> {
  run.progress("durable send");
  const rounds = run.size.quick ? 50 : 300;
  const sessionId = sessionIdAt(run.size.sessions - 1);
  const content = "Take one in the morning and one in the evening, with a full glass of water.";
  const measured = await sample(rounds, () =>
    cache.write("message.queue", {
      id: newMessageId(),
      sessionId,
      content,
      senderName: "Dr Amara Okafor",
    }),
  );
  const file = openSync(join(run.folder, "bare-file"), "a");
  const page = Buffer.alloc(4_096, "x");
  const limit = await sample(rounds, () => {
    writeSync(file, page);
    fsyncSync(file);
  });
  closeSync(file);
  return row({
    goal: "durable send",
    target: { is: "at most", value: 2, unit: "ms" },
    measured,
    limit: { what: "bare file: append 4 KiB and fsync", value: limit },
  });
}

/** A revocation of a session of 550 messages, until it is gone from rows, index and log. */
export async function measureRevocation(
  run: Run,
  cache: Cache,
  { options }: BuiltStore,
): Promise<Row> {
  const rounds = run.size.quick ? 5 : 20;
  const limit = await deleteBare(options, rounds);
  const samples: number[] = [];
  let left = 0;
  for (let round = 0; round < rounds; round++) {
    run.progress("revocations", round, rounds);
    const session = round * 10;
    samples.push(
      await timed(async () => {
        await cache.write("feed.applyPage", {
          page: revocationPage(session),
          snapshot: "9000001:9000001:",
          serverTime: "2026-01-02T00:00:00Z",
        });
      }),
    );
    const gone = await cache.read("sessions.get", { sessionId: sessionIdAt(session) }).then(
      () => false,
      () => true,
    );
    if (!gone || !isLogEmpty(options.folder)) left++;
  }
  return row({
    goal: "revoked session of 550 messages gone, log empty",
    target: { is: "at most", value: 1_000, unit: "ms" },
    measured: summarise(samples),
    limit: { what: "bare SQL: delete the rows with their index, overwritten", value: limit },
    note:
      left === 0
        ? "nearly all of it is FTS5's secure-delete, which costs more the more segments the index has"
        : `${left} of ${rounds} were still there, or the log was not empty`,
  });
}

/** Deletes the rows of other sessions of the same size by bare SQL, index and all. */
async function deleteBare(options: CacheOptions, rounds: number): Promise<Summary> {
  const db = openBare(options);
  try {
    db.pragma("secure_delete = ON");
    const remove = db.prepare("delete from messages where rid >= ? and rid < ?");
    return await sample(rounds, (round) => {
      const key = (rounds + round) * 10 + 1;
      remove.run(ridOf(key, 0), ridOf(key + 1, 0));
    });
  } finally {
    db.close();
  }
}
