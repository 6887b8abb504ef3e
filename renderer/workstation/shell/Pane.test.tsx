// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Words } from "#renderer/i18n/Words.tsx";
import { Pane } from "./Pane.tsx";

beforeEach(() => {
  // React reports what a boundary has caught; here that is expected.
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

let broken = true;
function Fragile() {
  if (broken) throw new Error("the patient said: I feel dizzy");
  return <p>in order</p>;
}

const panes = (active: "one" | "two") => (
  <Words>
    <Pane label="one" isActive={active === "one"}>
      <Fragile />
    </Pane>
    <Pane label="two" isActive={active === "two"}>
      <button type="button">the other</button>
    </Pane>
  </Words>
);

describe("a pane", () => {
  it("keeps its failure to itself, tells none of its words, and opens again", async () => {
    broken = true;
    render(panes("one"));
    const alert = screen.getByRole("alert");
    expect(alert.textContent).toContain("This part of the window has stopped");
    expect(document.body.textContent).not.toContain("dizzy");
    expect(screen.getByText("the other")).toBeTruthy();
    broken = false;
    await userEvent.click(screen.getByRole("button", { name: "Open it again" }));
    expect(screen.getByText("in order")).toBeTruthy();
  });

  it("takes the focus when it comes on show, and none of it reaches a hidden one", () => {
    broken = false;
    const { rerender } = render(panes("one"));
    expect(document.activeElement).toBe(screen.getByRole("region", { name: "one" }));
    expect(screen.queryByRole("button", { name: "the other" })).toBeNull();
    rerender(panes("two"));
    expect(document.activeElement).toBe(screen.getByRole("region", { name: "two" }));
    expect(screen.getByRole("button", { name: "the other" })).toBeTruthy();
    expect(screen.queryByText("in order")?.closest("[inert]")).not.toBeNull();
  });
});
