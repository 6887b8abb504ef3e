import { useMutation, useQueries, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { Bridge, CommandIn } from "#shared/contract/bridge.ts";
import type { MessageId, SessionId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import { useBridge } from "./BridgeProvider.tsx";
import { toFault, unwrap, type FaultError } from "./fault-error.ts";
import { keys } from "./query-keys.ts";
import {
  firstSeqOf,
  renewTranscript,
  withMessage,
  withOlderPage,
  withoutMessage,
  type Transcript,
} from "./transcript-store.ts";
import { ask } from "./use-bridge-query.ts";

/** How many messages the newest page holds: some screens, so that a consultation opens at once. */
const NEWEST = 50;
/** How many an older page holds: whoever goes back wants to read. */
const OLDER = 200;

const transcriptQuery = (bridge: Bridge, client: QueryClient, sessionId: SessionId) => ({
  queryKey: keys.messages(sessionId),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    renewTranscript(
      (beforeSeq) =>
        ask(
          bridge,
          "messages.list",
          { sessionId, beforeSeq, limit: beforeSeq === null ? NEWEST : OLDER },
          signal,
        ),
      () => client.getQueryData<Transcript>(keys.messages(sessionId)),
    ),
});

export type LoadedTranscript = {
  sessionId: SessionId;
  data: Transcript | undefined;
  error: FaultError | null;
  retry: () => void;
};

/** The transcripts of several consultations, each kept up to date; older pages come by `useLoadOlder`. */
export function useTranscripts(sessionIds: readonly SessionId[]): LoadedTranscript[] {
  const bridge = useBridge();
  const client = useQueryClient();
  const combine = useCallback(
    (
      results: readonly {
        data: Transcript | undefined;
        error: Error | null;
        refetch: () => Promise<unknown>;
      }[],
    ): LoadedTranscript[] =>
      results.map(({ data, error, refetch }, index) => ({
        sessionId: sessionIds[index]!,
        data,
        error: error === null ? null : toFault(error),
        retry: () => void refetch(),
      })),
    [sessionIds],
  );
  return useQueries({
    queries: sessionIds.map((sessionId) => transcriptQuery(bridge, client, sessionId)),
    combine,
  });
}

/** The transcript of one consultation, from its newest page backwards. */
export function useMessages(sessionId: SessionId) {
  const [transcript] = useTranscripts(useMemo(() => [sessionId], [sessionId]));
  const older = useLoadOlder();
  return {
    ...transcript!,
    loadOlder: () => older.load(sessionId),
    isLoadingOlder: older.isLoading,
    olderError: older.error,
  };
}

/** Reads the page before what is held of a transcript; one at a time, a second call does nothing. */
export function useLoadOlder() {
  const bridge = useBridge();
  const client = useQueryClient();
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<FaultError | null>(null);

  const load = useCallback(
    async (sessionId: SessionId): Promise<void> => {
      const key = keys.messages(sessionId);
      const held = client.getQueryData<Transcript>(key);
      const beforeSeq = held ? firstSeqOf(held.messages) : null;
      if (isLoading || !held?.more || beforeSeq === null) return;
      setLoading(true);
      setError(null);
      try {
        const page = await unwrap(
          bridge.query("messages.list", { sessionId, beforeSeq, limit: OLDER }),
        );
        client.setQueryData<Transcript>(key, (now) => now && withOlderPage(now, page));
      } catch (thrown) {
        setError(toFault(thrown));
      } finally {
        setLoading(false);
      }
    },
    [bridge, client, isLoading],
  );
  return { load, isLoading, error };
}

/** Puts a message that was answered by a command on the screen at once. */
function useShow() {
  const client = useQueryClient();
  return useCallback(
    (message: Message) => {
      client.setQueryData<Transcript>(
        keys.messages(message.sessionId),
        (held) => held && withMessage(held, message),
      );
    },
    [client],
  );
}

/** Sends a message: durable before it answers, whether there is a connection or not. */
export function useSend() {
  const bridge = useBridge();
  const show = useShow();
  return useMutation<Message, FaultError, CommandIn<"message.send">>({
    mutationFn: (input) => unwrap(bridge.command("message.send", input)),
    onSuccess: show,
  });
}

/** Sends a refused message again, with its text changed where one is given. */
export function useRetryMessage() {
  const bridge = useBridge();
  const show = useShow();
  return useMutation<Message, FaultError, CommandIn<"message.retry">>({
    mutationFn: (input) => unwrap(bridge.command("message.retry", input)),
    onSuccess: show,
  });
}

/** Throws a message away that has not been sent. */
export function useDiscardMessage() {
  const bridge = useBridge();
  const client = useQueryClient();
  return useMutation<object, FaultError, { id: MessageId; sessionId: SessionId }>({
    mutationFn: ({ id }) => unwrap(bridge.command("message.discard", { id })),
    onSuccess: (_, { id, sessionId }) => {
      client.setQueryData<Transcript>(
        keys.messages(sessionId),
        (held) => held && withoutMessage(held, id),
      );
    },
  });
}
