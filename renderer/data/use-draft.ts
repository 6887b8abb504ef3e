import { useCallback, useEffect, useRef, useState } from "react";
import type { SessionId } from "#shared/model/ids.ts";
import { useBridge } from "./BridgeProvider.tsx";

const SAVE_AFTER_MS = 400;

export type Draft = {
  text: string;
  /** False until what was kept has been read. Whatever is typed before then wins over it. */
  isReady: boolean;
  /** Whether anything was typed since it was opened, were it only to empty the field. */
  isTyped: boolean;
  setText: (text: string) => void;
  /** Empties the field alone, for a send that is on its way; `clear` or `restore` must follow. */
  hide: () => void;
  /** Forgets what was kept, once it is safe elsewhere; what was typed since stays. */
  clear: () => void;
  /** Puts a text back that was hidden, before what was typed since. */
  restore: (text: string) => void;
};

/** What is being typed for a session, kept after each short pause and when the page goes away. */
export function useDraft(sessionId: SessionId | null, field: "message" | "notes"): Draft {
  const bridge = useBridge();
  const [text, show] = useState("");
  const [isReady, setReady] = useState(false);
  const [isTyped, setTyped] = useState(false);
  const current = useRef({ text: "", isTyped: false, isUnsaved: false });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    if (!current.current.isUnsaved || sessionId === null) return;
    current.current.isUnsaved = false;
    // A draft that cannot be kept is not worth an interruption: the text is still in the field.
    void bridge.command("draft.save", { sessionId, field, text: current.current.text });
  }, [bridge, sessionId, field]);

  const put = useCallback(
    (next: string) => {
      current.current = { text: next, isTyped: true, isUnsaved: true };
      setTyped(true);
      show(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(save, SAVE_AFTER_MS);
    },
    [save],
  );

  useEffect(() => {
    if (sessionId === null) return;
    let gone = false;
    const read = async () => {
      const kept = await bridge.query("drafts.get", { sessionId });
      if (gone) return;
      if (kept.ok && !current.current.isTyped) {
        current.current.text = kept.value[field];
        show(kept.value[field]);
      }
      setReady(true);
    };
    void read();
    // What was typed before there was a session to keep it for.
    save();
    return () => {
      gone = true;
    };
  }, [bridge, sessionId, field, save]);

  useEffect(() => {
    window.addEventListener("pagehide", save);
    return () => {
      window.removeEventListener("pagehide", save);
      save();
    };
  }, [save]);

  const hide = useCallback(() => {
    clearTimeout(timer.current);
    current.current = { text: "", isTyped: true, isUnsaved: false };
    setTyped(true);
    show("");
  }, []);
  const clear = useCallback(() => {
    current.current.isUnsaved = true;
    save();
  }, [save]);
  const restore = useCallback(
    (taken: string) => {
      const since = current.current.text;
      put(since === "" ? taken : `${taken}\n${since}`);
    },
    [put],
  );
  return { text, isReady, isTyped, setText: put, hide, clear, restore };
}
