import { asUser } from "./engine.ts";
import type { Connection, Project, Row } from "./project.ts";
import { people, sessions } from "./world.ts";

const { doctor, patient } = people;

type Session = Row & {
  id: string;
  status: string;
  duration_seconds: number;
  rev: string;
  notes: string | null;
};

/** What the people of the suites do, each call as its user and in a transaction of its own. */
export function actorsOf(project: Project) {
  const as = <T>(userId: string, task: (connection: Connection) => Promise<T>) =>
    asUser(project, userId, task);
  return {
    as,
    /** Inserts a message as plain REST does, with whatever columns the sender claims. */
    say(userId: string, text: string, values: Record<string, string> = {}) {
      const row = {
        session_id: sessions.live,
        sender_id: userId,
        sender_role: "patient",
        sender_name: "x",
        content: text,
        ...values,
      };
      const names = Object.keys(row);
      return as(userId, (sql) =>
        sql.query(
          `insert into consultation_messages (${names.join(", ")})
           values (${names.map((_, at) => `$${at + 1}`).join(", ")}) returning *`,
          Object.values(row),
        ),
      );
    },
    async sessionRow(id: string): Promise<Session> {
      const [row] = await project.query<Session>(
        "select * from consultation_sessions where id = $1",
        [id],
      );
      if (!row) throw new Error("no such session");
      return row;
    },
    start: (userId: string, appointmentId: string) =>
      as(userId, (sql) =>
        sql.query<Session>("select * from start_consultation($1, $2, $3, 'chat')", [
          appointmentId,
          patient,
          doctor,
        ]),
      ),
    async end(userId: string, id: string, duration: number | null, notes?: string) {
      const [row] = await as(userId, (sql) =>
        sql.query<{ answer: { session: Session; fault: string | null } }>(
          "select end_consultation($1, $2, $3) as answer",
          [id, duration, notes ?? null],
        ),
      );
      if (!row) throw new Error("no answer");
      return row.answer;
    },
    /** Updates a session as plain REST does. */
    update: (userId: string, change: string, id: string = sessions.live) =>
      as(userId, (sql) =>
        sql.exec(`update consultation_sessions set ${change} where id = '${id}'`),
      ),
    /** Sets a session's clock back, as if time had passed. */
    passSeconds: (seconds: number, id: string = sessions.live) =>
      project.exec(`update consultation_sessions set started_at = started_at - interval '${seconds} seconds',
        touched_at = touched_at - interval '${seconds} seconds',
        paused_at = paused_at - interval '${seconds} seconds' where id = '${id}'`),
  };
}
