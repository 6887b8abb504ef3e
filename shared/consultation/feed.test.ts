import { describe, expect, it } from "vitest";
import { PullCursor, SessionPullCursor, decodeFeedPage } from "./feed.ts";

const id = "018f0000-0000-7000-8000-000000000001";
const at = "2026-11-22T06:36:42.301+00:00";
const columns = {
  access: ["user_id", "session_id", "role", "granted", "expires_at"],
  message: [
    "id",
    "session_id",
    "seq",
    "sender_id",
    "sender_role",
    "sender_kind",
    "sender_name",
    "message_type",
    "content",
    "file_url",
    "created_at",
    "entered_in_error_at",
    "rev",
  ],
  tombstone: ["entity", "id", "session_id"],
};
const message = [id, id, 1, id, "patient", "patient", "Amara", "text", "Hello", null, at, null, 1];
const page = (rows: unknown[], next: unknown = null) => ({ columns, rows, next });

describe("decodeFeedPage", () => {
  it("names each row's values by the columns of the page", () => {
    const { rows, next } = decodeFeedPage(
      page(
        [
          ["message", "77", id, message],
          ["access", 78, id, [id, id, "patient", false, null]],
        ],
        { xid: 78, id },
      ),
      PullCursor,
    );
    expect(rows).toMatchObject([
      { kind: "message", xid: "77", row: { content: "Hello", seq: 1 } },
      { kind: "access", xid: "78", row: { granted: false } },
    ]);
    expect(next).toEqual({ xid: "78", id });
  });

  it("fits a newer server: more columns, another order, unknown kinds", () => {
    const newer = {
      columns: { tombstone: ["reason", "session_id", "id", "entity"], weather: ["rain"] },
      rows: [
        ["weather", "1", id, [true]],
        ["tombstone", "2", id, ["erased", null, id, "session"]],
      ],
      next: null,
    };
    expect(decodeFeedPage(newer, PullCursor).rows).toEqual([
      { kind: "tombstone", xid: "2", id, row: { entity: "session", id, session_id: null } },
    ]);
  });

  it("throws rather than lose a row whose needed column is missing", () => {
    const older = {
      columns: { ...columns, message: columns.message.slice(0, 8) },
      rows: [["message", "1", id, message.slice(0, 8)]],
      next: null,
    };
    expect(() => decodeFeedPage(older, PullCursor)).toThrow("Invalid input");
    expect(() => decodeFeedPage({ rows: [] }, PullCursor)).toThrow("Invalid input");
    expect(() =>
      decodeFeedPage(
        { columns: {}, rows: [["message", "1", id, message]], next: null },
        PullCursor,
      ),
    ).toThrow("names no columns for message");
  });

  it("takes every id that PostgreSQL takes: a clinic's own ids may be of no known version", () => {
    const own = "11111111-1111-1111-1111-111111111111";
    const row = message.with(1, own).with(3, own);
    expect(decodeFeedPage(page([["message", "1", id, row]]), PullCursor).rows).toMatchObject([
      { row: { session_id: own, sender_id: own } },
    ]);
  });

  it("reads a message that is older than the script's rules, rather than stop at it for ever", () => {
    const old = message.with(4, "admin").with(5, "admin").with(7, "image");
    expect(decodeFeedPage(page([["message", "1", id, old]]), PullCursor).rows).toMatchObject([
      {
        row: {
          sender_role: "patient",
          sender_kind: "system",
          message_type: "text",
          content: "Hello",
        },
      },
    ]);
  });

  it("reads the cursor of a session's pages", () => {
    expect(decodeFeedPage(page([], { seq: 40 }), SessionPullCursor).next).toEqual({ seq: 40 });
  });
});
