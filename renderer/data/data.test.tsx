// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { invented } from "#renderer/bridge/invented/clinic.ts";
import { openMemoryBridge, type MemoryBridgeOptions } from "#renderer/bridge/memory-bridge.ts";
import { BridgeProvider } from "./BridgeProvider.tsx";
import { FaultError } from "./fault-error.ts";
import { useAccount, useSignIn, useSyncState } from "./use-account.ts";
import { useAppointments } from "./use-appointments.ts";
import { useMessages } from "./use-messages.ts";
import { useSessions } from "./use-sessions.ts";

afterEach(cleanup);

const world = (options: MemoryBridgeOptions = {}) => {
  const { bridge, control } = openMemoryBridge(options);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <BridgeProvider bridge={bridge}>{children}</BridgeProvider>
  );
  const count = (name: string) => control.calls.filter((call) => call.name === name).length;
  return { bridge, control, wrapper, count };
};

const day = () => {
  const from = new Date();
  from.setHours(0, 0, 0, 0);
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return [from.toISOString(), to.toISOString()] as const;
};

const useAllOfTwo = () => [useAccount(), useAccount(), useSyncState()] as const;

const [from, to] = day();
const useAllOfFour = () => ({
  day: useAppointments(from, to),
  past: useSessions(),
  here: useMessages(invented.sessions.live),
  there: useMessages(invented.sessions.paused),
});

describe("reads", () => {
  it("turn a fault into a typed error, never into an empty list", async () => {
    const { control, wrapper } = world();
    control.fail("appointments.list", "cache_corrupt");
    const { result } = renderHook(() => useAppointments(...day()), { wrapper });
    await waitFor(() => expect(result.current.error).toBeInstanceOf(FaultError));
    expect(result.current.error).toMatchObject({ code: "cache_corrupt", ref: "test-ref" });
    expect(result.current.data).toBeUndefined();
  });

  it("are asked once for all who show them", async () => {
    const { wrapper, count } = world();
    const { result } = renderHook(useAllOfTwo, { wrapper });
    await waitFor(() => expect(result.current[0].isSuccess).toBe(true));
    expect(count("account.current")).toBe(1);
  });

  it("are stopped when nobody waits for them any more", async () => {
    const { bridge, control, wrapper } = world();
    const stopped: string[] = [];
    const cancel = bridge.cancel.bind(bridge);
    bridge.cancel = (id) => {
      stopped.push(id);
      cancel(id);
    };
    control.hold("sessions.list");
    const { unmount } = renderHook(() => useSessions(), { wrapper });
    unmount();
    await waitFor(() => expect(stopped).toHaveLength(1));
  });
});

describe("topics", () => {
  it("renew exactly what they name", async () => {
    const { control, wrapper, count } = world();
    const { result } = renderHook(useAllOfFour, { wrapper });
    await waitFor(() => expect(result.current.there.data).toBeDefined());
    const asked = (id: string) =>
      control.calls.filter(
        ({ name, input }) =>
          name === "messages.list" && (input as { sessionId: string }).sessionId === id,
      ).length;
    const before = [asked(invented.sessions.live), asked(invented.sessions.paused)];
    const lists = [count("appointments.list"), count("sessions.list")];

    act(() => control.receive(invented.sessions.live, invented.patients.amara, "Hello again."));
    await waitFor(() =>
      expect(result.current.here.data?.messages.at(-1)?.content).toBe("Hello again."),
    );
    expect(asked(invented.sessions.live)).toBe(before[0]! + 1);
    expect(asked(invented.sessions.paused)).toBe(before[1]);
    expect([count("appointments.list"), count("sessions.list")]).toEqual(lists);
  });

  it("forget every row of a person who signed out", async () => {
    const { control, wrapper } = world();
    const { result } = renderHook(() => ({ me: useAccount(), past: useSessions() }), { wrapper });
    await waitFor(() => expect(result.current.past.data?.items.length).toBeGreaterThan(0));
    control.hold("sessions.list");
    act(() => control.expireSignIn());
    await waitFor(() => expect(result.current.me.data?.person).toBeNull());
    expect(result.current.past.data).toBeUndefined();
  });

  it("are heard again after everything was closed for a while", async () => {
    const { control, wrapper } = world();
    const first = renderHook(() => useMessages(invented.sessions.live), { wrapper });
    await waitFor(() => expect(first.result.current.data).toBeDefined());
    first.unmount();
    control.receive(invented.sessions.live, invented.patients.amara, "While you were away.");
    const second = renderHook(() => useMessages(invented.sessions.live), { wrapper });
    await waitFor(() =>
      expect(second.result.current.data?.messages.at(-1)?.content).toBe("While you were away."),
    );
  });
});

describe("requests", () => {
  it("give their fault as a value to show", async () => {
    const { wrapper } = world({ viewer: null });
    const { result } = renderHook(() => useSignIn(), { wrapper });
    act(() => result.current.mutate({ email: "x@y.example", password: "wrong" }));
    await waitFor(() => expect(result.current.error?.code).toBe("wrong_credentials"));
  });
});
