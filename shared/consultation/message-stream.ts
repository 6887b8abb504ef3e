import type { SupabaseClient } from "@supabase/supabase-js";
import { listMessagesAfter } from "./calls.ts";
import { ConsultationError } from "./consultation-error.ts";
import type { MessageRow } from "./rows.ts";
import { type LinkTimings, linkSession } from "./session-link.ts";

export type StreamOptions = {
  /**
   * Deliver everything numbered above this; 0 gives the whole transcript first. Without it the
   * stream begins with the first message after the subscription.
   */
  afterSeq?: number;
  /** Hears what is in the way; the stream goes on trying by itself. */
  onFault?: (error: ConsultationError) => void;
  timings?: Partial<LinkTimings>;
};

export type MessageStream = {
  /** Settles when the place where the stream begins is known, or could not be asked for. */
  started: Promise<void>;
  stop: () => void;
};

const PAGE = 200;

/**
 * Delivers each message of a session once and in order of `seq`, across lost, doubled and
 * reordered broadcasts, disconnects and rotated topics. A broadcast only says that something is
 * there: what is delivered always comes from the table by cursor, because a participant's own
 * client could broadcast words that he never wrote, under a name that is not his.
 */
export function streamMessages(
  client: SupabaseClient,
  sessionId: string,
  onMessage: (message: MessageRow) => void,
  { afterSeq, onFault, timings }: StreamOptions = {},
): MessageStream {
  let cursor = afterSeq ?? null;
  let pulling = false;
  let hinted = false;
  let stopped = false;
  const { promise: started, resolve: begin } = Promise.withResolvers<void>();

  const deliver = (row: MessageRow) => {
    try {
      onMessage(row);
    } catch (error) {
      // A listener's own error must not stop the messages after it, nor be swallowed.
      queueMicrotask(() => {
        throw error;
      });
    }
  };

  /** Delivers one page; true while there may be another. */
  const pullPage = async (): Promise<boolean> => {
    const rows = await listMessagesAfter(client, sessionId, cursor ?? 0, PAGE);
    for (const row of rows) {
      if (stopped) return false;
      // The server numbers under a lock, so a number that its answer leaves out is one that this
      // user may not see: the cursor passes it.
      cursor = row.seq;
      deliver(row);
    }
    return rows.length === PAGE;
  };

  const pull = async () => {
    // Without a cursor nothing is known to be new: the first head sets it.
    if (stopped || cursor === null) return;
    hinted = true;
    if (pulling) return;
    pulling = true;
    try {
      for (let more = true; more; more ||= hinted) {
        hinted = false;
        more = await pullPage();
      }
    } catch (error) {
      if (!stopped) {
        onFault?.(ConsultationError.from(error));
        link.checkLater();
      }
    } finally {
      pulling = false;
    }
  };

  const link = linkSession(
    client,
    sessionId,
    {
      message: () => void pull(),
      head: ({ last_seq }) => {
        const last = last_seq ?? 0;
        cursor ??= last;
        begin();
        if (last > cursor) void pull();
      },
      fault: (error) => {
        begin();
        onFault?.(error);
      },
    },
    timings,
  );

  return {
    started,
    stop: () => {
      stopped = true;
      begin();
      link.stop();
    },
  };
}
