import { z } from "zod";
import type { JoinConfig } from "./channel.ts";
import type { Frame } from "./frames.ts";

const flag = z.union([z.boolean(), z.literal("true").transform(() => true)]).catch(false);
const changesRequest = z.looseObject({
  event: z.string(),
  schema: z.string().optional(),
  table: z.string().optional(),
  filter: z.string().optional(),
  select: z.array(z.string()).optional(),
});
const config = z.object({
  private: flag.optional(),
  broadcast: z
    .object({
      ack: flag.optional(),
      self: flag.optional(),
      replay: z.object({ since: z.number(), limit: z.number().optional() }).optional(),
      replication_ready: flag.optional(),
    })
    .optional(),
  presence: z.object({ key: z.string().optional(), enabled: flag.optional() }).optional(),
  postgres_changes: z.array(changesRequest).nullish(),
  postgres_changes_options: z.object({ wait: flag.optional() }).optional(),
});
const join = z.object({
  config: config.optional(),
  access_token: z.string().nullish(),
  user_token: z.string().nullish(),
});

export type JoinRequest = { name: string; token: string | undefined; config: JoinConfig };

/** Reads a `phx_join`; null where it names no topic. Unknown settings count as not set. */
export function joinRequestOf(frame: Frame): JoinRequest | null {
  const name = frame.topic.startsWith("realtime:") ? frame.topic.slice("realtime:".length) : "";
  if (!name) return null;
  const read = join.safeParse(frame.payload ?? {});
  if (!read.success) return { name, token: undefined, config: {} };
  const { access_token, user_token, config: asked } = read.data;
  return {
    name,
    token: access_token ?? user_token ?? undefined,
    config: { ...asked, postgres_changes: asked?.postgres_changes ?? [] },
  };
}
