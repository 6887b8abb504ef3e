import * as fc from "fast-check";
import { actNames, PLACES, type ActName } from "./writer-acts.ts";
import type { Fate } from "./workstation.ts";

/** One line of a schedule. Numbers choose among what there is when it is their turn. */
export type Command =
  | { do: "act"; writer: number; act: ActName; place: number; pick: number }
  | { do: "begin" | "commit" | "rollback"; writer: number }
  | { do: "steps"; steps: [pick: number, fate: Fate][] }
  | { do: "flow"; steps: number }
  | { do: "write" | "end"; place: number }
  | { do: "retry" | "discard"; pick: number }
  | { do: "kill" | "cutPower" | "start" | "sync" | "subscribed" | "backUp" | "cutConnections" }
  | { do: "killInside"; file: "cache" | "outbox" }
  | { do: "restore"; how: "physical" | "logical" }
  | { do: "wait"; ms: number }
  | { do: "jump"; whose: "server" | "client"; ms: number };

const nat = (max: number) => fc.nat({ max });
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Fate>("arrives") },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Fate>("lost", "late", "twice", "server", "quota", "not_signed_in"),
  },
);
const writer = nat(2);
/** Those at the front more often: a session must live through much. */
const place = fc.oneof(nat(2), nat(PLACES - 1));
const simple = <Name extends Command["do"]>(name: Name) => fc.constant({ do: name });

/** Acts that write words come often, those that end a session's life seldom. */
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<ActName>("say", "edit", "mark", "remove", "erase", "note"),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<ActName>("grant", "revoke", "lend", "handOver", "status"),
  },
  { weight: 1, arbitrary: fc.constantFrom<ActName>(...actNames) },
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant("act" as const),
      // Half of all acts are transactions of their own.
      writer: fc.oneof(fc.constant(-1), writer),
      act,
      place,
      pick: nat(7),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("begin" as const), writer }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("commit" as const), writer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rollback" as const), writer }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("steps" as const),
      steps: fc.array(fc.tuple(nat(11), fate), { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("flow" as const),
      steps: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("write" as const), place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), place }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("retry" as const, "discard"), pick: nat(3) }),
  },
  { weight: 2, arbitrary: simple("kill") },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("killInside" as const),
      file: fc.constantFrom("cache" as const, "outbox"),
    }),
  },
  { weight: 1, arbitrary: simple("cutPower") },
  { weight: 8, arbitrary: simple("start") },
  { weight: 1, arbitrary: simple("sync") },
  { weight: 1, arbitrary: simple("subscribed") },
  { weight: 1, arbitrary: simple("cutConnections") },
  { weight: 1, arbitrary: simple("backUp") },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("restore" as const),
      how: fc.constantFrom("physical" as const, "logical"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.integer({ min: 1, max: 70_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("jump" as const),
      whose: fc.constantFrom("server" as const, "client"),
      ms: fc.integer({ min: -90_000, max: 90_000 }),
    }),
  },
) as fc.Arbitrary<Command>;

const say = (at: number): Command => ({ do: "act", writer: -1, act: "say", place: at, pick: 0 });
const on = (done: ActName, at: number): Command => ({
  do: "act",
  writer: -1,
  act: done,
  place: at,
  pick: 7,
});
const arrive = (count: number): Command => ({
  do: "steps",
  steps: Array.from({ length: count }, () => [0, "arrives"]),
});

/** What chance alone brings about too seldom: things that happen between two steps of the same work. */
const scene: fc.Arbitrary<Command[]> = fc.oneof(
  // Access goes and comes back while a pass of several pages goes by.
  fc
    .tuple(nat(2), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 6 }))
    .map(([at, before, between]): Command[] => [
      ...[at, at, 0, 1, 2].map(say),
      arrive(before),
      on("revoke", at),
      arrive(between),
      on("grant", at),
    ]),
  // A message is changed on the server while its sender waits for the answer, or has lost it.
  fc
    .tuple(nat(2), fc.integer({ min: 1, max: 12 }), fate, fc.constantFrom<ActName>("mark", "erase"))
    .map(([at, before, then, change]): Command[] => [
      { do: "write", place: at },
      arrive(before),
      on(change, at),
      { do: "steps", steps: [[0, then]] },
    ]),
);

/** Half of the schedules begin with a workstation that has everything. */
const schedulesFrom = (minLength: number, maxLength: number) =>
  fc.record({
    caughtUp: fc.boolean(),
    commands: fc
      .array(
        fc.oneof(
          { weight: 15, arbitrary: command.map((one) => [one]) },
          { weight: 1, arbitrary: scene },
        ),
        { minLength, maxLength, size: "max" },
      )
      .map((parts) => parts.flat()),
  });
export const schedules = schedulesFrom(1, 60);
/** Where a start costs more than a hundred commands, each schedule is a long one. */
export const longSchedules = schedulesFrom(40, 120);
export type Schedule = { caughtUp: boolean; commands: Command[] };
