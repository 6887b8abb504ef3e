// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { NOW, renderWorkstation } from "../testing/render-workstation.tsx";
import { formatRoute } from "../route.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const { appointments, sessions, patients } = invented;
const room = formatRoute({ screen: "room", appointmentId: appointments.live, type: "chat" });
const pane = (name: string) => screen.findByRole("region", { name });
const join = () => screen.findByRole("button", { name: /^Join Chat consultation/ });

const strip = () => screen.findByRole("contentinfo", { name: "State of the connection" });
const ask = async (user: ReturnType<typeof renderWorkstation>["user"]) => {
  await user.click(await screen.findByRole("button", { name: "Dr Ingrid Lee: account" }));
  await user.click(await screen.findByRole("button", { name: "Sign out" }));
  return within(await screen.findByRole("alertdialog"));
};
const send = (control: ReturnType<typeof renderWorkstation>["control"]) =>
  control.queue(
    "0198c0de-0009-7000-8000-000000000002" as Parameters<typeof control.queue>[0],
    sessions.live,
    "not sent",
  );

describe("the window", () => {
  it("opens the room by Join and comes back to the same day and row", async () => {
    const { user } = renderWorkstation();
    await user.click(await screen.findByRole("button", { name: "Next day" }));
    await screen.findByText("Tomorrow");
    const place = await waitFor(() => {
      expect(window.location.hash).toContain("appointment=");
      return window.location.hash;
    });
    await user.click(await join());
    expect(await screen.findByPlaceholderText("Write a message")).toBeTruthy();
    expect(window.location.hash).toMatch(/^#\/room\//);
    expect(document.title).toBe("Room · Consulting Room");
    await user.click(screen.getByRole("button", { name: "Leave for now" }));
    await waitFor(() => expect(window.location.hash).toBe(place));
    expect(screen.getByText("Tomorrow")).toBeTruthy();
    await waitFor(async () => expect(document.activeElement).toBe(await join()));
  });

  it("names no patient in the window's title or address", async () => {
    renderWorkstation({ place: room });
    await screen.findByRole("heading", { name: patients.amara.name });
    expect(document.title + window.location.href).not.toContain("Amara");
  });

  it("keeps the room as it is while the history is read", async () => {
    const { user } = renderWorkstation({ place: room });
    const field = await screen.findByPlaceholderText("Write a message");
    await user.type(field, "half a sent");
    await user.keyboard("{Control>}2{/Control}");
    expect(await pane("History")).toBeTruthy();
    expect(field.closest("[inert]")).not.toBeNull();
    await user.keyboard("{Control>}3{/Control}");
    await waitFor(() => expect(field.closest("[inert]")).toBeNull());
    expect(field).toHaveProperty("value", "half a sent");
    expect(document.activeElement).toBe(field);
    await user.keyboard("{Control>}1{/Control}");
    expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeTruthy();
  });

  it("offers only the places that there are", async () => {
    const { user } = renderWorkstation();
    const places = within(await screen.findByRole("navigation", { name: "Places" }));
    expect(places.getAllByRole("link").map((link) => link.textContent)).toEqual([
      "Today",
      "History",
    ]);
    expect(places.getByRole("link", { name: "Today" }).getAttribute("aria-current")).toBe("page");
    await user.keyboard("{Control>}3{/Control}");
    expect(window.location.hash).not.toContain("room");
    await user.click(await join());
    await screen.findByPlaceholderText("Write a message");
    expect(places.getAllByRole("link").map((link) => link.textContent)).toEqual([
      "Today",
      "History",
      "Room",
    ]);
  });

  it("counts what the patient writes while something else is on show", async () => {
    const { user, control } = renderWorkstation({ place: room });
    await screen.findByPlaceholderText("Write a message");
    control.receive(sessions.live, patients.amara, "seen at once");
    await screen.findByText("seen at once");
    await user.keyboard("{Control>}2{/Control}");
    const link = await screen.findByRole("link", { name: "Room" });
    control.receive(sessions.live, patients.amara, "one");
    control.receive(sessions.live, invented.doctor, "own words from elsewhere");
    control.receive(sessions.live, patients.amara, "two");
    expect(await within(link).findByText("2 new messages")).toBeTruthy();
    expect(screen.getByText("2 new messages in the room").getAttribute("aria-live")).toBe("polite");
    await user.click(link);
    await waitFor(() => expect(within(link).queryByText("2 new messages")).toBeNull());
  });

  it("moves between its regions by F6", async () => {
    const { user } = renderWorkstation();
    await screen.findByRole("listbox");
    const seen = new Set<string | null | undefined>();
    for (let n = 0; n < 4; n += 1) {
      // Each press starts where the one before has ended.
      // oxlint-disable-next-line no-await-in-loop
      await user.keyboard("{F6}");
      const region = document.activeElement?.closest("[data-region]");
      seen.add(region?.getAttribute("aria-label") ?? region?.getAttribute("aria-labelledby"));
    }
    expect([...seen].toSorted()).toEqual([
      "Appointment",
      "Places",
      "State of the connection",
      "today-title",
    ]);
  });
});

describe("the status strip", () => {
  it("says connection, sending, as of, and who", async () => {
    renderWorkstation();
    await waitFor(async () =>
      expect((await strip()).textContent).toContain("Connectedeverything sentas of 09:07"),
    );
    expect((await strip()).textContent).toContain("Dr Ingrid Lee");
  });

  it("follows the connection, counts what waits and what was refused, and says it aloud", async () => {
    const { control, bridge } = renderWorkstation();
    await screen.findByText("Connected");
    control.setConnection("offline");
    const id = "0198c0de-0009-7000-8000-000000000001";
    await bridge.command("message.send", {
      id: id as Parameters<typeof control.refuse>[0],
      sessionId: sessions.live,
      content: "hello",
    });
    await waitFor(async () =>
      expect((await strip()).textContent).toContain("Offline1 not sent yetas of 09:07"),
    );
    expect(screen.getAllByText("Offline").some((one) => one.closest("[aria-live]"))).toBe(true);
    control.refuse(id as Parameters<typeof control.refuse>[0], "no");
    await waitFor(async () => expect((await strip()).textContent).toContain("1 not accepted"));
  });

  it("shows a first pull, and what somebody must act on", async () => {
    const { control } = renderWorkstation();
    await strip();
    control.setPulling({ rows: 48_210 });
    await waitFor(async () =>
      expect((await strip()).textContent).toMatch(/fetching records, 48,210 so far/),
    );
    control.setSyncFault({ code: "tables_old", message: "" });
    await waitFor(async () =>
      expect((await strip()).textContent).toContain("The server's tables are older"),
    );
  });

  it("explains itself, and checks at once when asked", async () => {
    const { user, control } = renderWorkstation({ connection: "offline" });
    await user.click(await screen.findByRole("button", { name: /^Offline/ }));
    const sheet = within(await screen.findByRole("dialog"));
    expect(sheet.getByText(/Everything kept on this computer can be read/)).toBeTruthy();
    expect(sheet.getByText("Thursday, 26 November 2026 at 09:07")).toBeTruthy();
    await user.click(sheet.getByRole("button", { name: "Check now" }));
    expect(await sheet.findByText("The clinic's server cannot be reached")).toBeTruthy();
    control.setConnection("online");
    await user.click(sheet.getByRole("button", { name: "Check now" }));
    expect(await sheet.findByText("Checked just now.")).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("signing out", () => {
  it("asks first, then leaves nothing of the person before", async () => {
    const { user } = renderWorkstation();
    const dialog = await ask(user);
    expect(dialog.getByText(/Your records are removed from this computer/)).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Sign out" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Sign in" })).toBeTruthy();
    expect(document.body.textContent).not.toContain("Amara");
    expect(window.location.hash).toBe("#/today");
  });

  it("offers to wait for unsent work, and discards it only by its own button", async () => {
    const { user, control } = renderWorkstation({ connection: "offline" });
    await screen.findByRole("listbox");
    send(control);
    await screen.findByText("1 not sent yet");
    const dialog = await ask(user);
    expect(dialog.getByText(/1 entry exists only on this computer/)).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Stay signed in" }));
    expect(control.calls.filter((call) => call.name === "account.signOut")).toEqual([]);
    const again = await ask(user);
    await user.click(again.getByRole("button", { name: "Discard and sign out" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Sign in" })).toBeTruthy();
    expect(control.calls.find((call) => call.name === "account.signOut")?.input).toEqual({
      discardUnsent: true,
    });
  });

  it("keeps unsent work sealed by its own button", async () => {
    const { user, control } = renderWorkstation({ connection: "offline" });
    await screen.findByRole("listbox");
    send(control);
    await screen.findByText("1 not sent yet");
    const dialog = await ask(user);
    await user.click(dialog.getByRole("button", { name: "Keep and sign out" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Sign in" })).toBeTruthy();
    expect(control.calls.find((call) => call.name === "account.signOut")?.input).toEqual({
      discardUnsent: false,
      keepUnsent: true,
    });
  });

  it("turns into the usual question when everything has gone out meanwhile", async () => {
    const { user, control } = renderWorkstation({ connection: "offline" });
    await screen.findByRole("listbox");
    send(control);
    await screen.findByText("1 not sent yet");
    await ask(user);
    control.setConnection("online");
    expect(await screen.findByText("Sign out of this computer?")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Discard and sign out" })).toBeNull();
  });
});
