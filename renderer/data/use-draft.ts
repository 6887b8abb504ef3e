import { useCallback, useEffect, useRef, useState } from "react";
import type { SessionId } from "#shared/model/ids.ts";
import { useBridge } from "./BridgeProvider.tsx";

const SAVE_AFTER_MS = 400;

export type Draft = {
  text: string;
  /** False until what was kept has been read; until then nothing typed is lost, it wins over what was kept. */
  isReady: boolean;
  setText: (text: string) => void;
  /** Empties it, here and where it is kept. */
  clear: () => void;
};

/** What is being typed for a session, kept after each short pause and when the page goes away. */
export function useDraft(sessionId: SessionId | null, field: "message" | "notes"): Draft {
  const bridge = useBridge();
  const [text, show] = useState("");
  const [isReady, setReady] = useState(false);
  const typed = useRef(false);
  const unsaved = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    if (unsaved.current === null || sessionId === null) return;
    // A draft that cannot be kept is not worth an interruption: the text is still in the field.
    void bridge.command("draft.save", { sessionId, field, text: unsaved.current });
    unsaved.current = null;
  }, [bridge, sessionId, field]);

  useEffect(() => {
    if (sessionId === null) return;
    let gone = false;
    void bridge.query("drafts.get", { sessionId }).then((kept) => {
      if (gone) return;
      if (kept.ok && !typed.current) show(kept.value[field]);
      setReady(true);
    });
    return () => {
      gone = true;
    };
  }, [bridge, sessionId, field]);

  useEffect(() => {
    window.addEventListener("pagehide", save);
    return () => {
      window.removeEventListener("pagehide", save);
      save();
    };
  }, [save]);

  const setText = useCallback(
    (next: string) => {
      typed.current = true;
      show(next);
      unsaved.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(save, SAVE_AFTER_MS);
    },
    [save],
  );
  const clear = useCallback(() => {
    typed.current = true;
    show("");
    unsaved.current = "";
    save();
  }, [save]);
  return { text, isReady, setText, clear };
}
