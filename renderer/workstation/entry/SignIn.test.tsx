// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { INVENTED_PASSWORD } from "#renderer/bridge/memory-handlers.ts";
import { renderWorkstation } from "../testing/render-workstation.tsx";

afterEach(cleanup);

const EMAIL = "ingrid.lee@harbour-street.example";

const open = async (options: Parameters<typeof renderWorkstation>[0] = {}) => {
  const view = renderWorkstation({ viewer: null, ...options });
  await screen.findByRole("heading", { level: 1, name: "Sign in" });
  return view;
};
const email = () => screen.getByLabelText("Email");
const password = () => screen.getByLabelText("Password");
const submit = () => screen.getByRole("button", { name: "Sign in" });

describe("signing in", () => {
  it("says where to, begins at the email, and opens the day", async () => {
    const { user } = await open();
    expect(screen.getByText("to harbour-street.supabase.example")).toBeTruthy();
    expect(document.title).toBe("Sign in · Consulting Room");
    expect(document.activeElement).toBe(email());
    await user.keyboard(`${EMAIL}{Tab}${INVENTED_PASSWORD}{Enter}`);
    expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeTruthy();
    expect(screen.queryByLabelText("Password")).toBeNull();
  });

  it("explains a wrong password, keeps the email and leads back to the password", async () => {
    const { user } = await open();
    await user.type(email(), EMAIL);
    await user.type(password(), "wrong");
    await user.click(submit());
    expect((await screen.findByRole("alert")).textContent).toContain("Email or password is wrong");
    expect(email()).toHaveProperty("value", EMAIL);
    await waitFor(() => expect(document.activeElement).toBe(password()));
  });

  it("asks nobody while something is missing", async () => {
    const { user, control } = await open();
    await user.click(submit());
    expect(screen.getByText("Enter your email address.")).toBeTruthy();
    expect(document.activeElement).toBe(email());
    await user.type(email(), EMAIL);
    await user.click(submit());
    expect(screen.getByText("Enter your password.")).toBeTruthy();
    expect(document.activeElement).toBe(password());
    expect(control.calls.filter((call) => call.name === "account.signIn")).toEqual([]);
  });

  it("says what is possible without a connection", async () => {
    const { user, control } = await open({ connection: "offline" });
    expect(screen.queryByText("No connection")).toBeNull();
    await user.type(email(), EMAIL);
    await user.type(password(), `${INVENTED_PASSWORD}{Enter}`);
    expect(await screen.findByText("No connection")).toBeTruthy();
    control.setConnection("online");
    await user.click(submit());
    expect(await screen.findByRole("heading", { level: 1, name: "Today" })).toBeTruthy();
  });

  it("says beforehand that a computer without any network cannot sign in", async () => {
    const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    await open();
    expect(screen.getByText("No connection")).toBeTruthy();
    expect(screen.getByText(/It works as soon as the connection is back/)).toBeTruthy();
    onLine.mockReturnValue(true);
    fireEvent(window, new Event("online"));
    expect(screen.queryByText("No connection")).toBeNull();
    onLine.mockRestore();
  });

  it("warns of Caps Lock while the password is typed, and no longer", async () => {
    await open();
    fireEvent.keyDown(password(), { key: "A", modifierCapsLock: true });
    expect(screen.getByText("Caps Lock is on")).toBeTruthy();
    fireEvent.keyUp(password(), { key: "CapsLock", modifierCapsLock: false });
    expect(screen.queryByText("Caps Lock is on")).toBeNull();
  });

  it("shows the password only when asked to", async () => {
    const { user } = await open();
    expect(password()).toHaveProperty("type", "password");
    await user.click(screen.getByRole("button", { name: "Show the password" }));
    expect(password()).toHaveProperty("type", "text");
  });

  it("leads to another server and back", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Use another server" }));
    await screen.findByRole("heading", { level: 1, name: "Connect to your clinic" });
    await user.click(screen.getByRole("button", { name: "Back to signing in" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Sign in" })).toBeTruthy();
  });
});
