import type { z } from "zod";
import type { Commands } from "./commands.ts";
import type { Result } from "./fault.ts";
import type { Queries } from "./queries.ts";
import type { Requests } from "./requests.ts";
import type { Topics } from "./topics.ts";

export type QueryName = keyof Queries;
export type CommandName = keyof Commands;
export type RequestName = keyof Requests;
export type TopicName = keyof Topics;

export type QueryIn<N extends QueryName> = z.input<Queries[N]["in"]>;
export type QueryOut<N extends QueryName> = z.output<Queries[N]["out"]>;
export type CommandIn<N extends CommandName> = z.input<Commands[N]["in"]>;
export type CommandOut<N extends CommandName> = z.output<Commands[N]["out"]>;
export type RequestIn<N extends RequestName> = z.input<Requests[N]["in"]>;
export type RequestOut<N extends RequestName> = z.output<Requests[N]["out"]>;
export type TopicEvent<N extends TopicName> = z.output<Topics[N]>;

/**
 * The one door between a view and what it shows. The workstation's preload puts it on
 * `window.consultingRoom`; the patient page and foreign apps get a twin over supabase-js.
 * Never rejects for an expected outcome: failures are values.
 */
export interface Bridge {
  /** `workstation` reads from its own cache; `browser` reads from the server. */
  readonly host: "workstation" | "browser";
  /** Reads. `callId` (any string unique to the call) can be given to `cancel`. */
  query<N extends QueryName>(
    name: N,
    input: QueryIn<N>,
    callId?: string,
  ): Promise<Result<QueryOut<N>>>;
  command<N extends CommandName>(name: N, input: CommandIn<N>): Promise<Result<CommandOut<N>>>;
  request<N extends RequestName>(name: N, input: RequestIn<N>): Promise<Result<RequestOut<N>>>;
  /** Asks a running query to stop; it then answers with the fault `cancelled`. */
  cancel(callId: string): void;
  /** Hears a topic until the returned function is called, or the page goes away. */
  subscribe<N extends TopicName>(name: N, heard: (event: TopicEvent<N>) => void): () => void;
}
