// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newMessageId, type SessionId } from "#shared/model/ids.ts";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { BridgeProvider } from "#renderer/data/BridgeProvider.tsx";
import { en } from "#renderer/i18n/en.ts";
import { ConsultationRoom } from "./ConsultationRoom.tsx";
import { composer, openRoom } from "./testing/open-room.tsx";
import { beginTest, callsOf, endTest, type Control } from "./testing/render-over.tsx";

beforeEach(beginTest);
afterEach(endTest);

const { amara } = invented.patients;
const { live } = invented.sessions;

const messageOf = (text: string) => {
  const message = screen.getByText(text).closest<HTMLElement>("[data-message]");
  if (!message) throw new Error(`no message "${text}"`);
  return message;
};

describe("the room", () => {
  it("opens the appointment's consultation once, and names the other side from the records", async () => {
    const { control } = openRoom();
    expect(await screen.findByRole("heading", { name: amara.name })).toBeTruthy();
    await composer();
    expect(callsOf(control, "session.start")).toEqual([
      { appointmentId: invented.appointments.live, type: "chat" },
    ]);
  });

  it("names the doctor to the patient", async () => {
    openRoom({ role: "patient" });
    expect(await screen.findByRole("heading", { name: invented.doctor.name })).toBeTruthy();
  });

  it("shows the earlier consultation of the appointment above the one of today", async () => {
    const { control } = openRoom();
    const log = await screen.findByRole("log");
    const said = (session: SessionId) =>
      control.clinic.messages.find(({ sessionId }) => sessionId === session)!.content;
    await within(log).findByText(said(invented.sessions.earlier));
    const text = log.textContent!;
    expect(text.indexOf(said(invented.sessions.earlier))).toBeLessThan(text.indexOf(said(live)));
    expect(text).toContain("earlier consultation");
    expect(text.indexOf("earlier consultation")).toBeLessThan(text.indexOf("Today "));
  });

  it("makes a consultation where there is none, and says how to begin", async () => {
    openRoom({ appointmentId: invented.appointments.booked });
    expect(await screen.findByText(en.room.emptyTitle)).toBeTruthy();
  });

  it("sets each message's direction by its own words", async () => {
    openRoom();
    const log = await screen.findByRole("log");
    const all = await waitFor(() => {
      const found = log.querySelectorAll("[data-message] > p");
      expect(found.length).toBeGreaterThan(3);
      return [...found];
    });
    for (const one of all) expect(one.getAttribute("dir")).toBe("auto");
  });
});

describe("writing", () => {
  it("sends with Enter, keeps the focus, and makes lines with Shift+Enter", async () => {
    const { control, user } = openRoom();
    const field = await composer();
    await user.click(field);
    await user.keyboard("one{Shift>}{Enter}{/Shift}two{Enter}");
    await waitFor(() => expect(callsOf(control, "message.send")).toHaveLength(1));
    expect(callsOf(control, "message.send")[0]).toMatchObject({
      sessionId: live,
      content: "one\ntwo",
    });
    expect(field.value).toBe("");
    expect(document.activeElement).toBe(field);
    await screen.findByText(/one\s+two/);
  });

  it("does not send what is blank, nor while a word is being composed", async () => {
    const { control, user } = openRoom();
    const field = await composer();
    await user.type(field, "   {Enter}");
    await user.type(field, "ni");
    act(() => {
      field.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }),
      );
    });
    expect(callsOf(control, "message.send")).toEqual([]);
  });

  it("sends what was entered before the consultation was open as soon as it is", async () => {
    let open = () => {};
    const { control, user } = openRoom({
      appointmentId: invented.appointments.booked,
      before: (world) => {
        open = world.hold("session.start");
      },
    });
    const field = await composer();
    await user.type(field, "Are you there?{Enter}");
    expect(await screen.findByText(en.room.sendsWhenOpen)).toBeTruthy();
    expect(callsOf(control, "message.send")).toEqual([]);
    open();
    await waitFor(() => expect(callsOf(control, "message.send")).toHaveLength(1));
    expect(callsOf(control, "message.send")[0]).toMatchObject({ content: "Are you there?" });
    await waitFor(() => expect(field.value).toBe(""));
  });

  it("says that a message waits, and that it was sent when the connection is back", async () => {
    const { control, user } = openRoom({ connection: "offline" });
    await user.type(await composer(), "Take it with food.{Enter}");
    const wait = en.room.delivery.queued;
    await waitFor(() =>
      expect(within(messageOf("Take it with food.")).getByText(wait)).toBeTruthy(),
    );
    expect(screen.getByText(en.room.offlineBody)).toBeTruthy();
    act(() => control.setConnection("online"));
    await waitFor(() =>
      expect(within(messageOf("Take it with food.")).getByText(en.room.delivery.sent)).toBeTruthy(),
    );
  });

  it("gives words back that could not be taken", async () => {
    const { user } = openRoom({ before: (control) => control.fail("message.send", "disk_full") });
    const field = await composer();
    await user.type(field, "Do not lose me.{Enter}");
    expect(await screen.findByText(en.faults.disk_full.title)).toBeTruthy();
    expect(field.value).toBe("Do not lose me.");
  });

  it("tells the limit, and sends nothing beyond it", async () => {
    const { control, user } = openRoom();
    const field = await composer();
    await user.click(field);
    await user.paste("x".repeat(10_001));
    expect(await screen.findByText("Too long by 1. Send it in parts.")).toBeTruthy();
    await user.keyboard("{Enter}");
    expect(callsOf(control, "message.send")).toEqual([]);
  });

  it("keeps a draft while it is typed, brings it back, and forgets it once it is sent", async () => {
    const { control, bridge, user, shown } = openRoom();
    await user.type(await composer(), "half a thou");
    await waitFor(() =>
      expect(callsOf(control, "draft.save").at(-1)).toMatchObject({
        sessionId: live,
        field: "message",
        text: "half a thou",
      }),
    );
    expect(callsOf(control, "draft.save").length).toBeLessThan(5);
    shown.unmount();
    const kept = () => bridge.query("drafts.get", { sessionId: live });
    expect(await kept()).toMatchObject({ ok: true, value: { message: "half a thou" } });

    render(
      <BridgeProvider bridge={bridge}>
        <ConsultationRoom
          appointmentId={invented.appointments.live}
          consultationType="chat"
          participantName="Somebody"
          participantRole="doctor"
          onEndCall={() => {}}
        />
      </BridgeProvider>,
    );
    const field = await composer();
    await waitFor(() => expect(field.value).toBe("half a thou"));
    await user.type(field, "ght{Enter}");
    await screen.findByText("half a thought");
    await waitFor(async () =>
      expect(await kept()).toMatchObject({ ok: true, value: { message: "" } }),
    );
  });
});

describe("a refused message", () => {
  const refused = "Please come in tomorrow.";
  const openRefused = async () => {
    const id = newMessageId();
    const world = openRoom({
      before: (control) => {
        control.setConnection("offline");
        control.queue(id, live, refused);
        control.refuse(id, "it was paused");
      },
    });
    await screen.findByText("Not sent: it was paused");
    return { ...world, id };
  };

  it("is sent again as it is", async () => {
    const { control, user, id } = await openRefused();
    await user.click(within(messageOf(refused)).getByRole("button", { name: en.room.retry }));
    await waitFor(() => expect(callsOf(control, "message.retry")).toEqual([{ id }]));
    await within(messageOf(refused)).findByText(en.room.delivery.queued);
  });

  it("can be changed before it is sent again", async () => {
    const { control, user, id } = await openRefused();
    await user.click(within(messageOf(refused)).getByRole("button", { name: en.room.edit }));
    const dialog = await screen.findByRole("dialog");
    const field = within(dialog).getByRole("textbox");
    await user.clear(field);
    await user.type(field, "Come on Friday.");
    await user.click(within(dialog).getByRole("button", { name: en.room.saveAndSend }));
    await waitFor(() =>
      expect(callsOf(control, "message.retry")).toEqual([{ id, content: "Come on Friday." }]),
    );
    expect(await screen.findByText("Come on Friday.")).toBeTruthy();
  });

  it("is thrown away only after a question", async () => {
    const { control, user, id } = await openRefused();
    await user.click(within(messageOf(refused)).getByRole("button", { name: en.room.discard }));
    const dialog = await screen.findByRole("alertdialog");
    expect(callsOf(control, "message.discard")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: en.room.discard }));
    await waitFor(() => expect(callsOf(control, "message.discard")).toEqual([{ id }]));
    await waitFor(() => expect(screen.queryByText(refused)).toBeNull());
  });
});

describe("what comes in", () => {
  it("appears without a reload and is said aloud, without moving the focus", async () => {
    const { control } = openRoom();
    const field = await composer();
    act(() => field.focus());
    await screen.findByRole("log");
    act(() => control.receive(live, amara, "My ankles are fine now."));
    expect(await screen.findByText("My ankles are fine now.")).toBeTruthy();
    await screen.findByText(`${amara.name}: My ankles are fine now.`, {
      selector: "[role=status]",
    });
    expect(document.activeElement).toBe(field);
  });

  it("shows an event as one, not as somebody's words", async () => {
    const { control } = openRoom();
    await screen.findByRole("log");
    act(() => control.receive(live, "system", "The patient has joined."));
    const event = await screen.findByText("The patient has joined.", { selector: "[role=log] *" });
    expect(event.closest("[data-message]")).toBeNull();
  });
});

describe("the end", () => {
  it("finishes with notes, and only then calls back", async () => {
    const { control, user, left } = openRoom();
    await composer();
    await user.click(screen.getByRole("button", { name: en.room.finish }));
    const dialog = await screen.findByRole("dialog");
    const field = within(dialog).getByRole("textbox", { name: en.room.notes });
    expect(document.activeElement).toBe(field);
    await user.type(field, "Pressure controlled.");
    expect(left).not.toHaveBeenCalled();
    await user.click(within(dialog).getByRole("button", { name: en.room.finishConfirm }));
    await waitFor(() => expect(left).toHaveBeenCalledOnce());
    expect(callsOf(control, "session.end")).toEqual([
      { sessionId: live, durationSeconds: expect.any(Number), notes: "Pressure controlled." },
    ]);
    expect(control.clinic.sessions.find(({ id }) => id === live)).toMatchObject({
      status: "ended",
      notes: "Pressure controlled.",
    });
  });

  it("leaves notes out that were not written, since empty ones would erase", async () => {
    const { control, user, left } = openRoom();
    await composer();
    await user.click(screen.getByRole("button", { name: en.room.finish }));
    await user.click(await screen.findByRole("button", { name: en.room.finishConfirm }));
    await waitFor(() => expect(left).toHaveBeenCalledOnce());
    expect(callsOf(control, "session.end")[0]).not.toHaveProperty("notes");
  });

  it("sends notes that were emptied on purpose, and none that are as they were", async () => {
    const noted = (control: Control) => {
      const session = control.clinic.sessions.find(({ id }) => id === live);
      if (session) session.notes = "Written elsewhere.";
    };
    const kept = openRoom({ before: noted });
    await composer();
    await kept.user.click(screen.getByRole("button", { name: en.room.finish }));
    await kept.user.click(await screen.findByRole("button", { name: en.room.finishConfirm }));
    await waitFor(() => expect(kept.left).toHaveBeenCalledOnce());
    expect(callsOf(kept.control, "session.end")[0]).not.toHaveProperty("notes");
    cleanup();

    const emptied = openRoom({ before: noted });
    await composer();
    await emptied.user.click(screen.getByRole("button", { name: en.room.finish }));
    await emptied.user.clear(await screen.findByRole("textbox", { name: en.room.notes }));
    await emptied.user.click(screen.getByRole("button", { name: en.room.finishConfirm }));
    await waitFor(() => expect(emptied.left).toHaveBeenCalledOnce());
    expect(callsOf(emptied.control, "session.end")[0]).toHaveProperty("notes", "");
  });

  it("says what is wrong in the dialog, and stays open", async () => {
    const { user, left } = openRoom({
      before: (control) => control.fail("session.end", "already_signed"),
    });
    await composer();
    await user.click(screen.getByRole("button", { name: en.room.finish }));
    await user.click(await screen.findByRole("button", { name: en.room.finishConfirm }));
    expect(await screen.findByText(en.faults.already_signed.title)).toBeTruthy();
    expect(left).not.toHaveBeenCalled();
  });

  it("is not what a patient does who leaves", async () => {
    const { control, user, left } = openRoom({ role: "patient" });
    await composer();
    expect(screen.queryByRole("button", { name: en.room.finish })).toBeNull();
    await user.click(screen.getByRole("button", { name: en.room.leave }));
    await user.click(await screen.findByRole("button", { name: en.room.leaveConfirm }));
    expect(left).toHaveBeenCalledOnce();
    expect(callsOf(control, "session.end")).toEqual([]);
    expect(control.clinic.sessions.find(({ id }) => id === live)!.status).toBe("active");
  });

  it("is told to the other side, who can write no more, and starts nothing anew by itself", async () => {
    const { control, user, left } = openRoom({ role: "patient" });
    await composer();
    act(() => control.setStatus(live, "ended"));
    expect(await screen.findByText(en.room.endedPatient)).toBeTruthy();
    expect(screen.queryByRole("textbox", { name: en.room.write })).toBeNull();
    expect(callsOf(control, "session.start")).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: en.common.close }));
    expect(left).toHaveBeenCalledOnce();
  });

  it("can be followed by a new start, with what was said still above", async () => {
    const { control, user } = openRoom();
    await composer();
    act(() => control.setStatus(live, "ended"));
    await user.click(await screen.findByRole("button", { name: en.room.startAgain }));
    await composer();
    expect(callsOf(control, "session.start")).toHaveLength(2);
    const before = control.clinic.messages.find(({ sessionId }) => sessionId === live)!;
    expect(await screen.findByText(before.content)).toBeTruthy();
  });
});

describe("pause", () => {
  it("is the doctor's, and says what it means", async () => {
    const { control, user } = openRoom();
    await composer();
    await user.click(screen.getByRole("button", { name: en.room.pause }));
    expect(await screen.findByText(en.room.pausedDoctor)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: en.room.resume }));
    await waitFor(() => expect(screen.queryByText(en.room.pausedDoctor)).toBeNull());
    expect(callsOf(control, "session.setStatus")).toEqual([
      { sessionId: live, status: "paused" },
      { sessionId: live, status: "active" },
    ]);
  });

  it("is shown to the patient, who has no button for it", async () => {
    const { control } = openRoom({ role: "patient" });
    await composer();
    act(() => control.setStatus(live, "paused"));
    expect(await screen.findByText(en.room.pausedPatient)).toBeTruthy();
    expect(screen.queryByRole("button", { name: en.room.resume })).toBeNull();
  });
});
