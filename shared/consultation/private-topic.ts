import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";

/** Topics that a client is still leaving: until then it would hand out the old, dying channel. */
const leaving = new WeakMap<SupabaseClient, Map<string, Promise<unknown>>>();

/** A private channel, ready to be subscribed to as the signed-in user. */
export async function openTopic(client: SupabaseClient, topic: string): Promise<RealtimeChannel> {
  await leaving.get(client)?.get(topic);
  // Joining before the token is set would run the policies as anonymous.
  await client.realtime.setAuth();
  return client.channel(topic, { config: { private: true } });
}

export function leaveTopic(client: SupabaseClient, channel: RealtimeChannel): void {
  const topic = channel.subTopic;
  const ofClient = leaving.get(client) ?? new Map<string, Promise<unknown>>();
  leaving.set(client, ofClient);
  const left = client.removeChannel(channel).finally(() => {
    if (ofClient.get(topic) === left) ofClient.delete(topic);
  });
  ofClient.set(topic, left);
}
