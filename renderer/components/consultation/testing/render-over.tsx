import { cleanup, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { openMemoryBridge, type MemoryBridgeOptions } from "#renderer/bridge/memory-bridge.ts";
import { BridgeProvider } from "#renderer/data/BridgeProvider.tsx";
import { prepareJsdom } from "#renderer/ui/testing/prepare-jsdom.ts";

export type Control = ReturnType<typeof openMemoryBridge>["control"];

/**
 * Renders a view over an invented clinic; `control` does to the world what a test needs,
 * `before` already when the view opens.
 */
export function renderOver(
  view: ReactNode,
  options: MemoryBridgeOptions & { before?: (control: Control) => void } = {},
) {
  const { bridge, control } = openMemoryBridge(options);
  options.before?.(control);
  const shown = render(<BridgeProvider bridge={bridge}>{view}</BridgeProvider>);
  return { bridge, control, shown, user: userEvent.setup() };
}

export const beginTest = () => prepareJsdom();

export const endTest = () => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
};

/** The inputs of every call of one name, in order. */
export const callsOf = (control: Control, name: string) =>
  control.calls.filter((call) => call.name === name).map(({ input }) => input);
