import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { sessionTopic } from "#shared/consultation/topics.ts";
import type { SessionId } from "#shared/model/ids.ts";
import type { RoomListener } from "#electron/sync/remote-port.ts";

const RETRY_MS = 3_000;

/**
 * Joins the private topic of a live session and joins it again when it closes. Only the database may
 * broadcast there. What is missed while it is away comes by the feed. Returns how to leave.
 */
export function listenToRoom(
  client: SupabaseClient,
  { sessionId, topicKey }: { sessionId: SessionId; topicKey: string },
  listener: RoomListener,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let channel: RealtimeChannel | null = null;

  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(start, RETRY_MS);
  };

  const join = async (): Promise<void> => {
    // Joining before the token is set would run the policies as anonymous.
    await client.realtime.setAuth();
    if (stopped) return;
    const joining = client.channel(sessionTopic(sessionId, topicKey), {
      config: { private: true },
    });
    channel = joining;
    joining
      .on("broadcast", { event: "message" }, ({ payload }) => listener.onMessage(payload))
      .on("broadcast", { event: "session" }, ({ payload }) => listener.onSession(payload))
      .subscribe((status) => {
        if (stopped || channel !== joining || status !== "CLOSED") return;
        // After an error the client joins again by itself; a closed channel has to be made anew.
        channel = null;
        later();
      });
  };

  function start(): void {
    join().catch(() => {
      if (!stopped) later();
    });
  }

  start();
  return () => {
    stopped = true;
    clearTimeout(timer);
    if (channel !== null) void client.removeChannel(channel);
  };
}
