import { vi } from "vitest";

/**
 * Gives jsdom the few things that a browser has and it has not, so that components run unchanged:
 * `CSS.escape`, and a size for every element, since it lays nothing out.
 */
export function prepareJsdom(size = { width: 400, height: 400 }): void {
  vi.stubGlobal("CSS", { escape: (text: string) => text.replaceAll(/[^\w-]/g, String.raw`\$&`) });
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(size.height);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(size.width);
}
