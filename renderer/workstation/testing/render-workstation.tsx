import { configure, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import {
  type MemoryBridgeOptions,
  type MemoryControl,
  openMemoryBridge,
} from "#renderer/bridge/memory-bridge.ts";
import { Workstation } from "../Workstation.tsx";

/** A Thursday, seven minutes after nine, in local time. */
export const NOW = new Date(2026, 10, 26, 9, 7);

// What jsdom lacks: the lists look their rows up by the one, the room asks for a finger by the other.
globalThis.CSS ??= { escape: (text: string) => text.replaceAll(/[^\w-]/g, "\\$&") } as typeof CSS;
window.matchMedia ??= (media) =>
  ({ ...new EventTarget(), matches: false, media }) as MediaQueryList;

// A loaded machine is slow, not wrong.
configure({ asyncUtilTimeout: 10_000 });

/** Opens the whole workstation on an invented clinic, for a test that then acts as a person would. */
export const renderWorkstation = (
  options: MemoryBridgeOptions & {
    place?: string;
    prepare?: (control: MemoryControl) => void;
  } = {},
) => {
  const { place = "", prepare, ...rest } = options;
  Object.defineProperty(navigator, "languages", { value: ["en-GB"], configurable: true });
  window.history.replaceState(null, "", `/${place}`);
  const { bridge, control } = openMemoryBridge({ now: () => NOW, ...rest });
  prepare?.(control);
  const view = render(<Workstation bridge={bridge} />);
  return { ...view, bridge, control, user: userEvent.setup() };
};
