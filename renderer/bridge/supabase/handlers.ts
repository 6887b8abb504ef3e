import type { SupabaseClient } from "@supabase/supabase-js";
import type { z } from "zod";
import {
  endConsultation,
  setSessionStatus,
  startConsultation,
  touchSession,
} from "#shared/consultation/calls.ts";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import { sessionFromRow } from "#shared/consultation/rows.ts";
import type { CommandOut, QueryOut, RequestOut } from "#shared/contract/bridge.ts";
import type { Commands } from "#shared/contract/commands.ts";
import type { Queries } from "#shared/contract/queries.ts";
import type { Requests } from "#shared/contract/requests.ts";
import type { AppointmentId, SessionId } from "#shared/model/ids.ts";
import type { SessionStatus } from "#shared/model/session.ts";
import type { AccountState } from "./account-state.ts";
import type { Connectivity } from "./connectivity.ts";
import type { LiveLinks } from "./live-links.ts";
import type { ServerReads } from "./queries.ts";
import type { SendQueue } from "./send-queue.ts";
import type { SessionRoles } from "./session-roles.ts";
import type { TopicBus } from "./topic-bus.ts";

type QueryAnswers = {
  [N in keyof Queries]: (input: z.output<Queries[N]["in"]>) => Promise<QueryOut<N>>;
};
type CommandAnswers = {
  [N in keyof Commands]: (input: z.output<Commands[N]["in"]>) => Promise<CommandOut<N>>;
};
type RequestAnswers = {
  [N in keyof Requests]: (input: z.output<Requests[N]["in"]>) => Promise<RequestOut<N>>;
};

/** What the bridge's answers are made of. */
export type BridgeParts = {
  client: SupabaseClient;
  account: AccountState;
  reads: ServerReads;
  roles: SessionRoles;
  drafts: Map<string, { message: string; notes: string }>;
  queue: SendQueue;
  live: LiveLinks;
  bus: TopicBus;
  connectivity: Connectivity;
  /** Drops everything that belongs to the sign-in that ends. */
  forget(): void;
};

const unsupported = async (): Promise<never> => {
  throw new ConsultationError("unsupported");
};

/** Answers reads from the server, joined with what is still on its way. */
export function answerQueries(parts: BridgeParts): QueryAnswers {
  const { account, reads, roles, drafts, queue, live, connectivity } = parts;
  /** Every read needs a person: an anonymous one would get an empty list for an answer. */
  const confirmed = async <T>(read: () => Promise<T>): Promise<T> => {
    await account.person();
    const answer = await read();
    connectivity.heard();
    return answer;
  };
  const follow = (session: {
    id: SessionId;
    appointmentId: AppointmentId;
    status: SessionStatus;
  }) => {
    if (session.status === "ended") {
      roles.markEnded(session.id);
      live.unwatch(session.id);
    } else live.watch(session.id, session.appointmentId);
  };
  return {
    "account.current": async () => {
      const current = await account.current();
      live.setUser(current.person?.id ?? null);
      return current;
    },
    "sync.state": async () => connectivity.state(queue.queued, queue.refused),
    "appointments.list": ({ from, to }) => confirmed(() => reads.listAppointments(from, to)),
    "appointments.get": ({ appointmentId }) => confirmed(() => reads.getAppointment(appointmentId)),
    "sessions.list": (asked) => confirmed(() => reads.listSessions(asked)),
    "sessions.get": ({ sessionId }) =>
      confirmed(async () => {
        const answer = await reads.getSession(sessionId);
        follow(answer.session);
        return answer;
      }),
    "sessions.listForAppointment": ({ appointmentId }) =>
      confirmed(async () => {
        const answer = await reads.listSessionsOf(appointmentId);
        if (answer.live !== null) follow(answer.live);
        for (const session of answer.ended) follow(session);
        return answer;
      }),
    "messages.list": ({ sessionId, beforeSeq, limit }) =>
      confirmed(async () => {
        // Joined before the read, so that nothing falls between the two.
        const sides = await roles.find(sessionId);
        if (!sides.ended) live.watch(sessionId, sides.appointment);
        const page = await reads.listMessages(sessionId, beforeSeq, limit);
        const there = new Set(page.messages.map((message) => message.id));
        const waiting =
          beforeSeq === null ? queue.list(sessionId).filter(({ id }) => !there.has(id)) : [];
        return {
          messages: [...page.messages, ...waiting],
          more: page.more,
          asOf: new Date().toISOString(),
        };
      }),
    "drafts.get": async ({ sessionId }) => drafts.get(sessionId) ?? { message: "", notes: "" },
    "cache.stats": unsupported,
    "outbox.list": async () => ({
      items: queue.list().flatMap((message) =>
        message.delivery === "sent"
          ? []
          : [
              {
                kind: "message" as const,
                id: message.id,
                sessionId: message.sessionId,
                consultation: null,
                content: message.content,
                state: message.delivery,
                reason: message.refusal,
                createdAt: message.createdAt,
              },
            ],
      ),
    }),
  };
}

/** Answers writes. A message is queued in memory; an end goes to the server at once. */
export function answerCommands(parts: BridgeParts): CommandAnswers {
  const { client, account, roles, drafts, queue, bus } = parts;
  return {
    "message.send": async ({ id, sessionId, content }) => {
      const known = queue.find(id);
      if (known !== null) return known;
      const person = await account.person();
      const sides = await roles.find(sessionId);
      return queue.add({
        id,
        sessionId,
        seq: null,
        senderId: person.id,
        senderKind: sides.doctor === person.id ? "doctor" : "patient",
        senderName: person.name,
        type: "text",
        content,
        fileUrl: null,
        createdAt: new Date().toISOString(),
        enteredInErrorAt: null,
        delivery: "queued",
        refusal: null,
      });
    },
    "message.retry": async ({ id, content }) => {
      const message = queue.retry(id, content);
      if (message === null) throw new ConsultationError("not_found");
      return message;
    },
    "message.discard": async ({ id }) => {
      if (!queue.discard(id)) throw new ConsultationError("not_found");
      return {};
    },
    "session.end": async ({ sessionId, durationSeconds, notes }) => {
      // A message that came after the end would be turned down.
      if (!(await queue.settle(sessionId))) throw new ConsultationError("unsent_work");
      const ended = await endConsultation(client, sessionId, durationSeconds, notes);
      if (ended.fault !== null) throw new ConsultationError(ended.fault);
      drafts.delete(sessionId);
      bus.tell("session.changed", { sessionId, appointmentId: ended.session.appointment_id });
      return {};
    },
    // An end goes to the server at once here, so none can be parked.
    "end.retry": unsupported,
    "cache.limit": unsupported,
    "end.discard": unsupported,
    "draft.save": async ({ sessionId, field, text }) => {
      const before = drafts.get(sessionId) ?? { message: "", notes: "" };
      drafts.set(sessionId, { ...before, [field]: text });
      return {};
    },
  };
}

/** Answers what needs the network. */
export function answerRequests(parts: BridgeParts): RequestAnswers {
  const { client, account, reads, roles, queue, live, bus, connectivity, forget } = parts;
  return {
    "account.signIn": async ({ email, password }) => {
      const current = await account.signIn(email, password);
      connectivity.heard();
      live.setUser(current.person?.id ?? null);
      bus.tell("account.changed", {});
      return current;
    },
    "account.signOut": async ({ discardUnsent }) => {
      if (queue.queued + queue.refused > 0 && !discardUnsent) {
        throw new ConsultationError("unsent_work");
      }
      live.setUser(null);
      await account.signOut();
      forget();
      bus.tell("account.changed", {});
      return {};
    },
    "setup.test": unsupported,
    "setup.save": unsupported,
    "session.start": async ({ appointmentId, type }) => {
      await account.person();
      const appointment = await reads.getAppointmentRow(appointmentId);
      const row = await startConsultation(client, {
        appointmentId,
        patientId: appointment.patient_id,
        doctorId: appointment.doctor_id,
        type,
      });
      connectivity.heard();
      roles.learn(row);
      live.watch(row.id, row.appointment_id);
      bus.tell("session.changed", { sessionId: row.id, appointmentId });
      return sessionFromRow(row);
    },
    "session.setStatus": async ({ sessionId, status }) => {
      const row = await setSessionStatus(client, sessionId, status);
      bus.tell("session.changed", { sessionId, appointmentId: row.appointment_id });
      return sessionFromRow(row);
    },
    "session.touch": async ({ sessionId }) => {
      const touched = await touchSession(client, sessionId);
      connectivity.heard();
      return { durationSeconds: touched.duration_seconds, status: touched.status };
    },
    "sync.now": async () => {
      queue.flush();
      bus.tell("appointments.changed", {});
      return {};
    },
  };
}
