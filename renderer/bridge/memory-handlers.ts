import { v7 } from "uuid";
import type { z } from "zod";
import type { CommandOut, QueryOut, RequestOut } from "#shared/contract/bridge.ts";
import type { Commands } from "#shared/contract/commands.ts";
import { type Fault, type Result, fault, ok } from "#shared/contract/fault.ts";
import type { Queries } from "#shared/contract/queries.ts";
import type { Requests, SetupCheck } from "#shared/contract/requests.ts";
import type { Account } from "#shared/contract/state.ts";
import { SessionId } from "#shared/model/ids.ts";
import type { Message } from "#shared/model/message.ts";
import type { Session } from "#shared/model/session.ts";
import type { MemoryClinic } from "./memory-clinic.ts";

export type QueryAnswers = {
  [N in keyof Queries]: (input: z.output<Queries[N]["in"]>) => Result<QueryOut<N>>;
};
export type CommandAnswers = {
  [N in keyof Commands]: (input: z.output<Commands[N]["in"]>) => Result<CommandOut<N>>;
};
export type RequestAnswers = {
  [N in keyof Requests]: (input: z.output<Requests[N]["in"]>) => Result<RequestOut<N>>;
};

/** The password that an invented doctor signs in with. */
export const INVENTED_PASSWORD = "correct horse";

const missing = (): Fault => fault("not_found", "This is no longer here.");

const two = (part: number) => String(part).padStart(2, "0");

const localDay = (moment: string): string => {
  const at = new Date(moment);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
};

const account = (memory: MemoryClinic): Account => ({
  configured: memory.configured,
  server: memory.configured ? memory.clinic.server : null,
  person: memory.viewer,
  email: memory.viewer === null ? null : memory.clinic.email,
  settings: memory.configured ? memory.clinic.settings : null,
});

/** Answers reads from the invented clinic, as the cache would. */
export const answerQueries = (memory: MemoryClinic): QueryAnswers => ({
  "account.current": () => ok(account(memory)),
  "sync.state": () => ok(memory.syncState()),
  "appointments.list": ({ from, to }) => {
    const [first, last] = [Date.parse(from), Date.parse(to)];
    const items = memory.clinic.appointments
      .filter((one) => Date.parse(one.startsAt) >= first && Date.parse(one.startsAt) < last)
      .toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
      .map((one) => memory.item(one));
    return ok({ items, asOf: memory.asOf });
  },
  "appointments.get": ({ appointmentId }) => {
    const found = memory.clinic.appointments.find((one) => one.id === appointmentId);
    if (found === undefined) return missing();
    const patient = memory.clinic.people.find((one) => one.id === found.patientId) ?? null;
    return ok({ item: memory.item(found), patient, asOf: memory.asOf });
  },
  "sessions.list": ({ limit, before, person, day }) => {
    const part = person?.trim().toLocaleLowerCase() ?? "";
    const rest = memory.clinic.sessions
      .map((one) => memory.summarise(one))
      .filter((one) => (one.patientName ?? "").toLocaleLowerCase().includes(part))
      .filter((one) => day === undefined || localDay(one.startedAt) === day)
      .toSorted(
        (a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt) || b.id.localeCompare(a.id),
      )
      .filter(
        (one) =>
          before === null ||
          Date.parse(one.startedAt) < Date.parse(before.startedAt) ||
          (one.startedAt === before.startedAt && one.id < before.id),
      );
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    const next =
      last !== undefined && rest.length > limit ? { startedAt: last.startedAt, id: last.id } : null;
    return ok({ items, next, asOf: memory.asOf });
  },
  "sessions.get": ({ sessionId }) => {
    const found = memory.findSession(sessionId);
    return found === null ? missing() : ok({ session: memory.summarise(found), asOf: memory.asOf });
  },
  "sessions.listForAppointment": ({ appointmentId }) => {
    const all = memory
      .listSessions(appointmentId)
      .map((one) => memory.summarise(one))
      .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
    return ok({
      live: all.find((one) => one.status !== "ended") ?? null,
      ended: all.filter((one) => one.status === "ended"),
      asOf: memory.asOf,
    });
  },
  "messages.list": ({ sessionId, beforeSeq, limit }) => {
    const all = memory.listMessages(sessionId);
    const numbered = all
      .filter((one) => one.seq !== null && (beforeSeq === null || one.seq < beforeSeq))
      .toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
    const waiting = beforeSeq === null ? all.filter((one) => one.seq === null) : [];
    const page = numbered.slice(-limit);
    return ok({
      messages: [...page, ...waiting],
      more: page.length < numbered.length,
      asOf: memory.asOf,
    });
  },
  "drafts.get": ({ sessionId }) => ok(memory.drafts.get(sessionId) ?? { message: "", notes: "" }),
  "cache.stats": () => {
    const { sessions, messages } = memory.clinic;
    const startedAt = sessions.map((one) => one.startedAt).toSorted();
    return ok({
      fileBytes: 0,
      usedBytes: 0,
      outboxBytes: 0,
      sessions: sessions.length,
      messages: messages.length,
      departed: 0,
      oldestAt: startedAt[0] ?? null,
      limits: memory.limits,
    });
  },
  "outbox.list": () => ok({ items: memory.listOutbox() }),
});

/** Answers writes: into the outbox at once, and out of it a moment later when there is a connection. */
export const answerCommands = (memory: MemoryClinic, deliveryMs: number): CommandAnswers => {
  const changed = (sessionId: SessionId) => {
    memory.tell("messages.changed", { sessionId });
    memory.tell("sync.changed", {});
    setTimeout(() => memory.flush(), deliveryMs);
  };
  return {
    "message.send": ({ id, sessionId, content }) => {
      const known = memory.findMessage(id);
      if (known !== null) return ok(known);
      const session = memory.findSession(sessionId);
      if (session === null || memory.viewer === null) return missing();
      if (session.status === "ended") return fault("already_ended", "It has ended.");
      const message: Message = {
        id,
        sessionId,
        seq: null,
        senderId: memory.viewer.id,
        senderKind: memory.viewer.role === "doctor" ? "doctor" : "patient",
        senderName: memory.viewer.name,
        type: "text",
        content,
        fileUrl: null,
        createdAt: memory.now().toISOString(),
        enteredInErrorAt: null,
        delivery: "queued",
        refusal: null,
      };
      memory.clinic.messages.push(message);
      changed(sessionId);
      return ok(message);
    },
    "message.retry": ({ id, content }) => {
      const message = memory.findMessage(id);
      if (message === null) return missing();
      message.content = content ?? message.content;
      message.delivery = "queued";
      message.refusal = null;
      changed(message.sessionId);
      return ok(message);
    },
    "message.discard": ({ id }) => {
      const index = memory.clinic.messages.findIndex(
        (one) => one.id === id && one.delivery !== "sent",
      );
      const [gone] = index < 0 ? [] : memory.clinic.messages.splice(index, 1);
      if (gone === undefined) return missing();
      changed(gone.sessionId);
      return ok({});
    },
    "session.end": ({ sessionId, durationSeconds, notes }) => {
      const session = memory.findSession(sessionId);
      if (session === null) return missing();
      if (session.status !== "ended") {
        session.status = "ended";
        session.endedAt = memory.now().toISOString();
        session.durationSeconds = Math.max(session.durationSeconds, durationSeconds);
        memory.endQueued.add(sessionId);
      }
      session.notes = notes ?? session.notes;
      memory.drafts.delete(sessionId);
      memory.tellSession(session);
      memory.tell("sync.changed", {});
      setTimeout(() => memory.flush(), deliveryMs);
      return ok({});
    },
    "cache.limit": (limits) => {
      memory.limits = limits;
      return ok({});
    },
    "end.retry": () => missing(),
    "end.discard": ({ sessionId }) => {
      const draft = memory.drafts.get(sessionId);
      if (draft !== undefined) memory.drafts.set(sessionId, { ...draft, notes: "" });
      memory.tell("sync.changed", {});
      return ok({});
    },
    "draft.save": ({ sessionId, field, text }) => {
      const before = memory.drafts.get(sessionId) ?? { message: "", notes: "" };
      memory.drafts.set(sessionId, { ...before, [field]: text });
      return ok({});
    },
  };
};

const good = (name: SetupCheck["name"], message: string): SetupCheck => ({
  name,
  ok: true,
  fault: null,
  message,
});

const checks = (url: string, anonKey: string): SetupCheck[] => {
  if (!URL.canParse(url)) {
    return [{ name: "url", ok: false, fault: "invalid_url", message: "This is not an address." }];
  }
  const { protocol, hostname } = new URL(url);
  if (protocol !== "https:" && hostname !== "localhost" && hostname !== "127.0.0.1") {
    return [
      {
        name: "url",
        ok: false,
        fault: "insecure_url",
        message: "The address must begin with https, so that nobody can listen in.",
      },
    ];
  }
  const address = good("url", `${hostname}, encrypted`);
  if (anonKey.startsWith("sb_secret_") || anonKey.includes("service_role")) {
    return [
      address,
      {
        name: "key",
        ok: false,
        fault: "secret_key",
        message:
          "This is the secret key: it opens every record past all rules, so it must never be on a workstation. Copy the key named “anon” or “publishable” instead.",
      },
    ];
  }
  const key = good("key", "A public key of this project");
  if (hostname.startsWith("empty.")) {
    return [
      address,
      key,
      good("reachable", "It answers"),
      {
        name: "tables",
        ok: false,
        fault: "tables_missing",
        message:
          "The tables for consultations are not there yet. Paste db/04_create_consultation_tables.sql into the SQL editor of the project and run it.",
      },
    ];
  }
  return [
    address,
    key,
    good("reachable", "It answers"),
    good("tables", "All there, version 1"),
    good("realtime", "Messages arrive at once"),
  ];
};

/** Answers what needs the network: without one, each says `offline`. */
export const answerRequests = (memory: MemoryClinic): RequestAnswers => {
  const offline = (): Fault | null =>
    memory.connection === "online" ? null : fault("offline", "The server cannot be reached.");
  const working = (id: SessionId, work: (session: Session) => void): Result<Session> => {
    const cut = offline();
    if (cut !== null) return cut;
    const session = memory.findSession(id);
    if (session === null) return missing();
    if (session.status === "ended") return fault("already_ended", "It has ended.");
    work(session);
    memory.tellSession(session);
    return ok(session);
  };
  return {
    "account.signIn": ({ email, password }) => {
      const cut = offline();
      if (cut !== null) return cut;
      if (password !== INVENTED_PASSWORD) {
        return fault("wrong_credentials", "Email and password do not belong together.");
      }
      if (email !== memory.clinic.email) {
        return fault("account_blocked", "This account is not a person of the clinic.");
      }
      memory.viewer = memory.clinic.doctor;
      memory.tell("account.changed", {});
      return ok(account(memory));
    },
    "account.signOut": ({ discardUnsent, keepUnsent }) => {
      if (memory.listOutbox().length > 0 && !discardUnsent && !keepUnsent) {
        return fault("unsent_work", "Some of your work has not been sent yet.");
      }
      memory.viewer = null;
      memory.tell("account.changed", {});
      return ok({});
    },
    "setup.test": ({ url, anonKey }) => offline() ?? ok({ checks: checks(url, anonKey) }),
    "setup.save": ({ url, anonKey }) => {
      const bad = checks(url, anonKey).find((check) => !check.ok);
      if (bad?.fault) return fault(bad.fault, bad.message);
      memory.configured = true;
      memory.clinic.server = new URL(url).hostname;
      memory.tell("account.changed", {});
      return ok(account(memory));
    },
    "session.start": ({ appointmentId, type }) => {
      const cut = offline();
      if (cut !== null) return cut;
      const live = memory.listSessions(appointmentId).find((one) => one.status !== "ended");
      if (live !== undefined) return ok(live);
      const booked = memory.clinic.appointments.find((one) => one.id === appointmentId);
      if (booked === undefined) return missing();
      const now = memory.now().toISOString();
      const session: Session = {
        id: SessionId.parse(v7()),
        appointmentId,
        patientId: booked.patientId,
        doctorId: booked.doctorId,
        type,
        status: "active",
        startedAt: now,
        endedAt: null,
        durationSeconds: 0,
        notes: null,
        createdAt: now,
        lastSeq: 0,
        lastMessageAt: null,
      };
      memory.clinic.sessions.push(session);
      memory.tellSession(session);
      return ok(session);
    },
    "session.setStatus": ({ sessionId, status }) =>
      working(sessionId, (session) => {
        session.status = status;
      }),
    "session.touch": ({ sessionId }) => {
      const cut = offline();
      if (cut !== null) return cut;
      const session = memory.findSession(sessionId);
      if (session === null) return missing();
      return ok({ durationSeconds: memory.touch(session), status: session.status });
    },
    "sync.now": () => offline() ?? ok({}),
  };
};
