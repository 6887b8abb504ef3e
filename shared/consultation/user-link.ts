import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { ConsultationError } from "./consultation-error.ts";
import { UserHint } from "./feed.ts";
import { userTopic } from "./topics.ts";

export interface UserListener {
  /** Something of this user's changed; what, is asked by query. */
  hint(hint: UserHint): void;
  /** The topic is joined, or has settled after joining: whatever was missed is asked for now. */
  joined(): void;
  /** Hints do not come in now; the link goes on trying. */
  lost?(error: ConsultationError): void;
}

const SETTLE_MS = 3_000;
const RETRY_MS = 3_000;

/** Listens to a user's own private topic and joins it again when it closes, until stopped. */
export function linkUser(
  client: SupabaseClient,
  userId: string,
  listener: UserListener,
): () => void {
  let channel: RealtimeChannel | null = null;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout>;

  const later = (run: () => void, ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!stopped) run();
    }, ms);
  };

  const lost = (error: unknown) =>
    listener.lost?.(
      error === undefined ? new ConsultationError("offline") : ConsultationError.from(error),
    );

  const join = async () => {
    // Joining before the token is set would run the policies as anonymous.
    await client.realtime.setAuth();
    if (stopped) return;
    const joining = client.channel(userTopic(userId), { config: { private: true } });
    channel = joining;
    joining
      .on("broadcast", { event: "hint" }, ({ payload }) => {
        const hint = UserHint.safeParse(payload);
        if (hint.success) listener.hint(hint.data);
      })
      .subscribe((status, error) => {
        if (stopped || channel !== joining) return;
        if (status === "SUBSCRIBED") {
          listener.joined();
          later(() => listener.joined(), SETTLE_MS);
          return;
        }
        lost(error);
        // After an error the client joins again by itself; a closed channel has to be made anew.
        if (status === "CLOSED") {
          channel = null;
          later(start, RETRY_MS);
        }
      });
  };

  const start = () => {
    join().catch((error: unknown) => {
      lost(error);
      later(start, RETRY_MS);
    });
  };
  start();

  return () => {
    stopped = true;
    clearTimeout(timer);
    if (channel !== null) void client.removeChannel(channel);
  };
}
