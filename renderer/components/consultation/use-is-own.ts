import { useCallback } from "react";
import type { Message } from "#shared/model/message.ts";
import type { ParticipantRole } from "#shared/model/session.ts";
import { useAccount } from "#renderer/data/use-account.ts";

/** Tells the reader's own messages from the others: by person, and by side while it is not known who he is. */
export function useIsOwn(role: ParticipantRole): (message: Message) => boolean {
  const me = useAccount().data?.person?.id ?? null;
  return useCallback(
    ({ senderId, senderKind }) =>
      me !== null && senderId !== null ? senderId === me : senderKind === role,
    [me, role],
  );
}
