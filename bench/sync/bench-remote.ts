import { createClient } from "@supabase/supabase-js";
import { UserId } from "#shared/model/ids.ts";
import { people } from "#db/suite/world.ts";
import { createRemote } from "#electron/remote/remote.ts";
import type { Remote } from "#electron/sync/remote-port.ts";
import type { ServerProcess } from "./server-process.ts";

export const BENCH_DOCTOR = UserId.parse(people.doctor);

export type CountedRemote = { remote: Remote; count(): number };

/** The product's own remote over supabase-js, whose requests take `delayMs` longer and are counted. */
export function openRemote(server: ServerProcess, delayMs: number): CountedRemote {
  let requests = 0;
  const client = createClient(server.url, server.anonKey, {
    accessToken: async () => "bench",
    global: {
      fetch: async (input, init) => {
        requests++;
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
        return fetch(input, init);
      },
    },
  });
  const remote = createRemote(client, BENCH_DOCTOR);
  // PostgreSQL alone has no Realtime; that is measured on the embedded backend.
  return { remote: { ...remote, listen: () => () => undefined }, count: () => requests };
}

/** A bare request: the text of the answer, neither parsed nor kept. */
export async function bareCall(
  server: ServerProcess,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> {
  const answer = await fetch(`${server.url}/rest/v1/rpc/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  if (!answer.ok) throw new Error(`${name} answered ${answer.status}`);
  return answer.text();
}
