import {
  createClient,
  type RealtimeChannel,
  type SupabaseClient,
  type SupabaseClientOptions,
} from "@supabase/supabase-js";
import { WebSocket } from "ws";
import type { LocalSupabase } from "../start.ts";

export type Person = { id: string; client: SupabaseClient; token: string; close(): void };

/** A web socket that a test can cut as a lost network does: without a closing handshake. */
export class CuttableSocket extends WebSocket {
  static readonly open = new Set<CuttableSocket>();

  constructor(address: string | URL, protocols?: string | string[]) {
    super(address, protocols);
    CuttableSocket.open.add(this);
    this.on("close", () => CuttableSocket.open.delete(this));
    this.on("error", () => undefined);
  }

  static cutAll(): void {
    for (const socket of CuttableSocket.open) socket.terminate();
  }
}

const quietAuth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };

type Realtime = NonNullable<SupabaseClientOptions<"public">["realtime"]>;

/** A client of the backend as a browser or the app would make it, unmodified. */
export function connect(
  backend: Pick<LocalSupabase, "url">,
  key: string,
  realtime: Realtime = {},
): SupabaseClient {
  return createClient(backend.url, key, {
    auth: { ...quietAuth, storageKey: crypto.randomUUID() },
    realtime: { transport: CuttableSocket as unknown as Realtime["transport"], ...realtime },
  });
}

/** Makes a person, signs him in, and readies his Realtime connection. */
export async function signIn(
  backend: LocalSupabase,
  name: string,
  realtime: Realtime = {},
): Promise<Person> {
  const email = `${name}-${crypto.randomUUID().slice(0, 8)}@example.org`;
  const { id } = await backend.createUser({ email, password: "long enough", fullName: name });
  const client = connect(backend, backend.anonKey, realtime);
  const { data, error } = await client.auth.signInWithPassword({ email, password: "long enough" });
  if (error) throw error;
  await client.realtime.setAuth();
  return {
    id,
    client,
    token: data.session.access_token,
    close: () => {
      void client.realtime.disconnect();
    },
  };
}

/** Subscribes and says how that ended: "SUBSCRIBED" or the error's text. */
export function subscribed(channel: RealtimeChannel): Promise<string> {
  return new Promise((resolve) => {
    channel.subscribe((status, error) => resolve(error ? error.message : status));
  });
}

/** Waits until something holds; throws with `what` where it does not come true in time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Long enough for anything that was on its way here to have arrived. */
export function settle(): Promise<void> {
  return pause(200);
}

/** The claims inside a token, unchecked. */
export function claimsIn(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}
