import type { z } from "zod";
import type { Commands } from "#shared/contract/commands.ts";
import type { Result } from "#shared/contract/fault.ts";
import type { Queries } from "#shared/contract/queries.ts";
import type { Requests } from "#shared/contract/requests.ts";
import type { TopicEvent, TopicName } from "#shared/contract/bridge.ts";

/** What a handler knows of the call besides its decoded input. */
export type Call = {
  /** Aborted when the page cancels the call or goes away. */
  signal: AbortSignal;
};

type Entry = { in: z.ZodType; out: z.ZodType };

/** One handler for every entry of a contract: a missing one is a compile error. */
export type HandlersOf<Contract extends Record<string, Entry>> = {
  readonly [N in keyof Contract]: (
    input: z.output<Contract[N]["in"]>,
    call: Call,
  ) => Promise<Result<z.output<Contract[N]["out"]>>>;
};

export type QueryHandlers = HandlersOf<Queries>;
export type CommandHandlers = HandlersOf<Commands>;
export type RequestHandlers = HandlersOf<Requests>;

/** Everything that pages can ask of the main process. */
export type Handlers = {
  query: QueryHandlers;
  command: CommandHandlers;
  request: RequestHandlers;
};

/** Tells every page that listens that something changed; carries no rows. */
export type Publish = <N extends TopicName>(topic: N, event: TopicEvent<N>) => void;
