import type { SupabaseClient } from "@supabase/supabase-js";
import { linkUser } from "#shared/consultation/user-link.ts";
import type { UserId } from "#shared/model/ids.ts";
import type { RemoteListener } from "#electron/sync/remote-port.ts";

const NO_SESSION_MS = 3_000;

/**
 * Joins `user:<uid>` and keeps it joined. After a cold start without network there is no token yet, and
 * a join would be judged as anonymous: it waits until one can be had. Returns how to leave.
 */
export function listenToUser(
  client: SupabaseClient,
  userId: UserId,
  listener: RemoteListener,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let unlink: (() => void) | null = null;

  const start = async () => {
    const found = await client.auth.getSession().catch(() => null);
    if (stopped) return;
    if (!found?.data.session) {
      timer = setTimeout(() => void start(), NO_SESSION_MS);
      return;
    }
    unlink = linkUser(client, userId, {
      joined: () => listener.onSubscribed(),
      hint: (hint) =>
        listener.onHint({
          kind: hint.kind,
          sessionId: hint.session_id ?? null,
          appointmentId: hint.appointment_id ?? null,
        }),
      lost: () => listener.onLost(),
    });
  };

  void start();
  const { data: auth } = client.auth.onAuthStateChange((event) => {
    // Outside of auth-js's own lock.
    if (event === "TOKEN_REFRESHED") setTimeout(() => !stopped && listener.onRenewed?.());
  });
  return () => {
    stopped = true;
    auth.subscription.unsubscribe();
    clearTimeout(timer);
    unlink?.();
  };
}
