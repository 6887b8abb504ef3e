// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MessageId } from "#shared/model/ids.ts";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { NOW, renderWorkstation } from "../testing/render-workstation.tsx";

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const id = MessageId.parse("0198c0de-0009-7000-8000-000000000002");

/** A message that the server has turned down, shown from the strip. */
const openRefused = async () => {
  const view = renderWorkstation();
  await screen.findByRole("listbox");
  view.control.queue(id, invented.sessions.live, "take two");
  view.control.refuse(id, "It is too long.");
  await view.user.click(await screen.findByRole("button", { name: /1 not accepted/ }));
  const sheet = within(await screen.findByRole("dialog"));
  await view.user.click(sheet.getByRole("button", { name: "Show them" }));
  const panel = () => within(screen.getByRole("dialog", { name: "Only on this computer" }));
  await screen.findByRole("dialog", { name: "Only on this computer" });
  return { ...view, panel };
};

describe("what exists only on this computer", () => {
  it("S18: is reached from the strip, with its reason, and can be sent again", async () => {
    const { user, control, panel } = await openRefused();
    expect(await panel().findByText("take two")).toBeTruthy();
    expect(panel().getByText(/It is too long\./)).toBeTruthy();
    await user.click(panel().getByRole("button", { name: "Try again" }));
    expect(control.calls.findLast(({ name }) => name === "message.retry")?.input).toEqual({ id });
    await waitFor(() =>
      expect(panel().getByText(/all of your work is on the server/)).toBeTruthy(),
    );
  });

  it("S18: is thrown away only after a question", async () => {
    const { user, control, panel } = await openRefused();
    await user.click(await panel().findByRole("button", { name: "Discard" }));
    const question = within(await screen.findByRole("alertdialog"));
    expect(control.calls.some(({ name }) => name === "message.discard")).toBe(false);
    await user.click(question.getByRole("button", { name: "Discard" }));
    await waitFor(() =>
      expect(control.calls.some(({ name }) => name === "message.discard")).toBe(true),
    );
  });

  it("S18: leads to its consultation", async () => {
    const { user, panel } = await openRefused();
    await user.click(await panel().findByRole("button", { name: "Open the consultation" }));
    await waitFor(() => expect(window.location.hash).toMatch(/^#\/room\//));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
