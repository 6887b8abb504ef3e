import type { QueryOut } from "#shared/contract/bridge.ts";
import type { SessionId } from "#shared/model/ids.ts";
import { statement } from "./database.ts";
import type { CommandArgs, Reading, Writing } from "./stores.ts";

/** What was typed for a session and neither sent nor saved yet; empty texts where there is nothing. */
export function getDrafts(
  db: Reading,
  { sessionId }: { sessionId: SessionId },
): QueryOut<"drafts.get"> {
  const rows = statement<{ field: "message" | "notes"; text: string }>(
    db.outbox,
    "select field, text from drafts where session_id = ?",
  ).all(sessionId);
  const text = (field: string) => rows.find((row) => row.field === field)?.text ?? "";
  return { message: text("message"), notes: text("notes") };
}

/** Keeps what is being typed; an empty text clears it. */
export function saveDraft(
  db: Writing,
  { sessionId, field, text }: CommandArgs<"draft.save">,
): void {
  if (text === "") {
    statement(db.outbox, "delete from drafts where session_id = ? and field = ?").run(
      sessionId,
      field,
    );
    return;
  }
  statement(
    db.outbox,
    "insert or replace into drafts (session_id, field, text) values (?, ?, ?)",
  ).run(sessionId, field, text);
}
