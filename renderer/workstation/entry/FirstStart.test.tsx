// @vitest-environment jsdom
import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { renderWorkstation } from "../testing/render-workstation.tsx";

afterEach(cleanup);

const open = async () => {
  const view = renderWorkstation({ viewer: null, configured: false });
  await screen.findByRole("heading", { level: 1, name: "Connect to your clinic" });
  return view;
};
const url = () => screen.getByLabelText("Project URL");
const key = () => screen.getByLabelText("Public key");
const button = (name: string) => screen.getByRole("button", { name });
const checks = () =>
  within(screen.getByRole("list"))
    .getAllByRole("listitem")
    .map((row) => row.textContent);

describe("the first start", () => {
  it("tests the connection, explains each check, and only then connects", async () => {
    const { user, control } = await open();
    expect(checks()).toEqual(
      ["Address", "Key", "Server", "Tables", "Live messages"].map((name) => `${name}not tested`),
    );
    await user.type(url(), "https://harbour-street.supabase.example");
    await user.type(key(), "sb_publishable_1");
    const release = control.hold("setup.test");
    await user.click(button("Test the connection"));
    expect(checks()[3]).toBe("Tablestesting…");
    release();
    expect(await screen.findByText("Messages arrive at once")).toBeTruthy();
    expect(checks().every((row) => row.includes("in order"))).toBe(true);
    expect(control.calls.some((call) => call.name === "setup.save")).toBe(false);
    await user.click(button("Connect"));
    expect(await screen.findByRole("heading", { level: 1, name: "Sign in" })).toBeTruthy();
  });

  it("refuses a secret key and says which one to copy", async () => {
    const { user } = await open();
    await user.type(url(), "https://harbour-street.supabase.example");
    await user.type(key(), "sb_secret_1");
    await user.click(button("Test the connection"));
    expect(await screen.findByText(/This is the secret key/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Connect" })).toBeNull();
    expect(checks()[2]).toBe("Servernot tested");
  });

  it("wants a new test after any change", async () => {
    const { user } = await open();
    await user.type(url(), "https://harbour-street.supabase.example");
    await user.type(key(), "sb_publishable_1");
    await user.click(button("Test the connection"));
    await screen.findByRole("button", { name: "Connect" });
    await user.type(key(), "2");
    expect(screen.queryByRole("button", { name: "Connect" })).toBeNull();
    expect(checks()[0]).toBe("Addressnot tested");
  });

  it("says that the tables are missing, and what to run", async () => {
    const { user } = await open();
    await user.type(url(), "https://empty.supabase.example");
    await user.type(key(), "sb_publishable_1");
    await user.click(button("Test the connection"));
    expect(await screen.findByText(/04_create_consultation_tables.sql/)).toBeTruthy();
    expect(button("Test again")).toBeTruthy();
  });

  it("says so when there is no connection, and asks for what is missing", async () => {
    const { user, control } = await open();
    await user.click(button("Test the connection"));
    expect(screen.getByText("Enter the address of the project.")).toBeTruthy();
    expect(document.activeElement).toBe(url());
    control.setConnection("offline");
    await user.type(url(), "https://harbour-street.supabase.example");
    await user.type(key(), "sb_publishable_1");
    await user.click(button("Test the connection"));
    expect(await screen.findByText("The clinic's server cannot be reached")).toBeTruthy();
  });
});
