// @vitest-environment jsdom
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { invented, makeInventedClinic } from "#renderer/bridge/invented/clinic.ts";
import { SessionId } from "#shared/model/ids.ts";
import { en } from "#renderer/i18n/en.ts";
import { ConsultationHistory } from "./ConsultationHistory.tsx";
import { beginTest, callsOf, endTest, renderOver } from "./testing/render-over.tsx";

beforeEach(beginTest);
afterEach(endTest);

const list = () => screen.findByRole("listbox", { name: en.history.list });
const record = () => screen.findByRole("article", { name: en.history.region });
const countLive = () => screen.getAllByText(en.common.status.active).length;
const chosen = () => screen.queryByRole("option", { selected: true });

/** A clinic with one more ended consultation, of so many messages. */
const withLongOne = (count: number) => {
  const clinic = makeInventedClinic(new Date());
  const pattern = clinic.sessions.find(({ id }) => id === invented.sessions.ended)!;
  const id = SessionId.parse("0198c0de-0003-7000-8000-00000000ffff");
  const startedAt = new Date(Date.now() + 60_000).toISOString();
  clinic.sessions.push({ ...pattern, id, startedAt, lastSeq: count, notes: null });
  const line = clinic.messages[0]!;
  for (let seq = 1; seq <= count; seq += 1) {
    clinic.messages.push({
      ...line,
      id: `0198c0de-0009-7000-8000-${String(seq).padStart(12, "0")}` as typeof line.id,
      sessionId: id,
      seq,
      content: `line ${seq}`,
    });
  }
  return clinic;
};

describe("the list", () => {
  it("shows the newest first, by day, and when it was last confirmed", async () => {
    renderOver(<ConsultationHistory />);
    const box = await list();
    expect(within(box).getByText("Today")).toBeTruthy();
    expect(within(box).getByText("Yesterday")).toBeTruthy();
    expect(within(box).getAllByRole("option")[0]!.textContent).toContain("Amara Okafor");
    expect(await screen.findByText(/^As of /)).toBeTruthy();
  });

  it("narrows by name, and says when nothing fits", async () => {
    const { control, user } = renderOver(<ConsultationHistory />);
    await list();
    const search = screen.getByRole("searchbox", { name: en.history.searchLabel });
    await user.type(search, "søren");
    await waitFor(() =>
      expect(callsOf(control, "sessions.list").at(-1)).toMatchObject({ person: "søren" }),
    );
    await waitFor(() => {
      const names = screen.getAllByRole("option").map((row) => row.textContent);
      expect(names.every((name) => name.includes("Søren"))).toBe(true);
    });
    await user.type(search, "xyz");
    expect(await screen.findByText(en.history.noMatchTitle)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: en.history.clearFilters }));
    expect((await list()).textContent).toContain("Amara Okafor");
  });

  it("tells empty, not yet fetched and broken apart", async () => {
    const empty = renderOver(<ConsultationHistory />, { clinic: "empty" });
    expect(await screen.findByText(en.history.emptyBody)).toBeTruthy();
    empty.shown.unmount();

    const never = renderOver(<ConsultationHistory />, {
      clinic: "empty",
      before: (control) => {
        control.setConnection("offline");
        control.setAsOf(null);
      },
    });
    expect(await screen.findByText(en.history.emptyUnconfirmed)).toBeTruthy();
    expect(screen.getByText(en.common.neverConfirmed)).toBeTruthy();
    never.shown.unmount();

    const { control, user } = renderOver(<ConsultationHistory />, {
      before: (world) => world.fail("sessions.list", "cache_corrupt"),
    });
    expect(await screen.findByText(en.faults.cache_corrupt.title)).toBeTruthy();
    expect(screen.queryByText(en.history.emptyTitle)).toBeNull();
    control.heal("sessions.list");
    await user.click(screen.getByRole("button", { name: en.common.retry }));
    await list();
  });

  it("takes in a consultation that begins while it is open", async () => {
    const { bridge } = renderOver(<ConsultationHistory />);
    await list();
    expect(countLive()).toBe(1);
    await act(async () => {
      await bridge.request("session.start", {
        appointmentId: invented.appointments.booked,
        type: "chat",
      });
    });
    await waitFor(() => expect(countLive()).toBe(2));
    expect(within(await list()).getAllByRole("option")[0]!.textContent).toContain("陈美玲");
  });
});

describe("the record", () => {
  it("is reached by arrows and Enter, and Escape comes back with the place kept", async () => {
    const { user } = renderOver(<ConsultationHistory />);
    const box = await list();
    act(() => box.focus());
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
    const page = await record();
    await waitFor(() => expect(document.activeElement).toBe(page));
    const name = chosen()!.textContent!;
    expect(name).toContain("Søren Ågård");
    expect(within(page).getByRole("heading", { name: "Søren Ågård" })).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(box));
    expect(chosen()!.textContent).toBe(name);
  });

  it("shows transcript, notes and times", async () => {
    const { control, user } = renderOver(<ConsultationHistory />);
    await list();
    const session = control.clinic.sessions.find(({ id }) => id === invented.sessions.ended)!;
    await user.click(screen.getAllByText("Søren Ågård")[0]!);
    const page = within(await record());
    expect(await page.findByText(session.notes!)).toBeTruthy();
    const said = control.clinic.messages.filter(({ sessionId }) => sessionId === session.id);
    expect(said.length).toBeGreaterThan(3);
    for (const { content } of said) expect(page.getAllByText(content)).not.toEqual([]);
    expect(page.getByText(en.history.lasted)).toBeTruthy();
    expect(page.getByText(en.history.ended)).toBeTruthy();
  });

  it("is read from its beginning, whole, though it comes in pages", async () => {
    const { control, user } = renderOver(<ConsultationHistory />, { clinic: withLongOne(620) });
    const box = await list();
    await user.click(within(box).getAllByRole("option")[0]!);
    const page = within(await record());
    await page.findByText("line 1");
    const lines = page.getAllByText(/^line \d+$/).map(({ textContent }) => textContent);
    expect(lines).toEqual(Array.from({ length: 620 }, (_, index) => `line ${index + 1}`));
    expect(callsOf(control, "messages.list").length).toBeLessThanOrEqual(5);
  });

  it("says what is wrong instead of showing an empty record", async () => {
    const { user } = renderOver(<ConsultationHistory />, {
      before: (control) => control.fail("messages.list", "server"),
    });
    await user.click(within(await list()).getAllByRole("option")[0]!);
    const page = within(await record());
    expect(await page.findByText(en.faults.server.title)).toBeTruthy();
    expect(page.queryByText(en.history.noMessages)).toBeNull();
  });

  it("names the doctor to the patient, and says You of the patient's own words", async () => {
    const { user } = renderOver(<ConsultationHistory />, { viewer: invented.patients.amara });
    await user.click(within(await list()).getAllByRole("option")[0]!);
    const page = within(await record());
    expect(await page.findByRole("heading", { name: invented.doctor.name })).toBeTruthy();
    expect((await page.findAllByText(en.room.you)).length).toBeGreaterThan(0);
  });
});
