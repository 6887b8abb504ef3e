// @vitest-environment jsdom
import { act, render, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { openMemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { en } from "#renderer/i18n/en.ts";
import {
  ConsultationHistory,
  ConsultationRoom,
  consultationService,
  JoinConsultationButton,
} from "./index.ts";
import { JoinTarget } from "./join-target.tsx";
import { beginTest, callsOf, endTest, renderOver } from "./testing/render-over.tsx";

beforeEach(beginTest);
afterEach(() => {
  vi.unstubAllEnvs();
  endTest();
});

const join = (
  <JoinConsultationButton
    appointmentId={invented.appointments.live}
    consultationType="chat"
    participantName="Amara Okafor"
  />
);

/** Renders, and lets what opens the bridge come to its end. */
const renderOpened = (view: ReactNode) => act(async () => void render(view));

describe("in the workstation, without a provider above", () => {
  it.each([
    ["room", invented.doctor.name],
    ["history", "list"],
  ])("the %s finds the workstation's own bridge", async (which) => {
    vi.stubGlobal("consultingRoom", openMemoryBridge().bridge);
    await renderOpened(
      which === "history" ? (
        <ConsultationHistory />
      ) : (
        <ConsultationRoom
          appointmentId={invented.appointments.live}
          consultationType="chat"
          participantName="Somebody"
          participantRole="doctor"
          onEndCall={() => {}}
        />
      ),
    );
    expect((await screen.findAllByText("Amara Okafor")).length).toBeGreaterThan(0);
  });
});

describe("in a foreign app", () => {
  it("says what to do when the app has no VITE_SUPABASE_URL", async () => {
    vi.stubEnv("VITE_SUPABASE_URL", "");
    vi.stubEnv("VITE_SUPABASE_ANON_KEY", "");
    await renderOpened(<ConsultationHistory />);
    expect(await screen.findByText(en.faults.not_configured.title)).toBeTruthy();
    await expect(consultationService.getSessionHistory("x", "doctor", 1)).rejects.toMatchObject({
      code: "not_configured",
    });
  });

  it("refuses an address that is not encrypted", async () => {
    vi.stubEnv("VITE_SUPABASE_URL", "http://clinic.example");
    vi.stubEnv("VITE_SUPABASE_ANON_KEY", "anon");
    await renderOpened(<ConsultationHistory />);
    expect(await screen.findByText(en.faults.insecure_url.title)).toBeTruthy();
  });
});

describe("JoinConsultationButton", () => {
  it("opens the room over the page, for the side that the reader is, and closes it again", async () => {
    const { control, user } = renderOver(join, { viewer: invented.patients.amara });
    expect(callsOf(control, "session.start")).toEqual([]);
    await user.click(screen.getByRole("button", { name: /Join .* Amara Okafor/ }));
    const room = within(await screen.findByRole("dialog"));
    expect(await room.findByRole("heading", { name: invented.doctor.name })).toBeTruthy();
    await user.click(room.getByRole("button", { name: en.room.leave }));
    await user.click(await screen.findByRole("button", { name: en.room.leaveConfirm }));
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("gives the doctor what is the doctor's", async () => {
    const { user } = renderOver(join);
    await user.click(screen.getByRole("button"));
    expect(await screen.findByRole("button", { name: en.room.finish })).toBeTruthy();
  });

  it("leaves the place to an app that has one", async () => {
    const target = vi.fn<(request: object) => void>();
    const { user } = renderOver(<JoinTarget value={target}>{join}</JoinTarget>);
    await user.click(screen.getByRole("button"));
    expect(target).toHaveBeenCalledWith({
      appointmentId: invented.appointments.live,
      consultationType: "chat",
      participantName: "Amara Okafor",
    });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("says that one has to sign in first, and offers a way back", async () => {
    const { user } = renderOver(join, { viewer: null });
    await user.click(screen.getByRole("button"));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText(en.faults.not_signed_in.title)).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: en.common.close }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("brings a look of its own, and none to the page around it", () => {
    render(join);
    const button = screen.getByRole("button");
    expect(button.closest(".cr-root")).not.toBeNull();
    expect(document.body.classList.contains("cr-root")).toBe(false);
  });
});
