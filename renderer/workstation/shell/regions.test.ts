// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { focusRegion, moveRegion, rememberFocus } from "./regions.ts";

const byId = (id: string) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(id);
  return found;
};

let forget = () => {};
beforeEach(() => {
  document.body.innerHTML = `
    <nav data-region tabindex="-1"><a id="today" href="#/today">Today</a></nav>
    <main data-region tabindex="-1">
      <section data-region tabindex="-1"><button id="before">x</button><button id="row">y</button></section>
      <section data-region tabindex="-1" id="empty"><p>nothing</p></section>
    </main>
    <section data-region inert tabindex="-1"><button id="hidden">z</button></section>
    <footer data-region tabindex="-1"><button id="state">s</button></footer>`;
  forget = rememberFocus(document.body);
});
afterEach(() => forget());

const walk = (step: 1 | -1, times: number) => {
  const seen: (string | undefined)[] = [];
  for (let n = 0; n < times; n += 1) {
    moveRegion(document, step);
    seen.push(document.activeElement?.id);
  }
  return seen;
};

describe("the regions of the window", () => {
  it("follow each other round, without the frame and without what is hidden", () => {
    expect(walk(1, 5)).toEqual(["today", "before", "empty", "state", "today"]);
    byId("today").focus();
    expect(walk(-1, 2)).toEqual(["state", "empty"]);
  });

  it("begin at the end when going backwards from nowhere", () => {
    expect(walk(-1, 1)).toEqual(["state"]);
  });

  it("are entered where they were left", () => {
    byId("row").focus();
    expect(walk(1, 4)).toEqual(["empty", "state", "today", "row"]);
  });

  it("remember what had the focus before anybody listened, and what a pane around them had", () => {
    forget();
    byId("row").focus();
    document.querySelector("main")?.setAttribute("data-pane", "");
    forget = rememberFocus(document.body);
    byId("state").focus();
    const main = document.querySelector("main");
    if (main === null) throw new Error("no main");
    focusRegion(main);
    expect(document.activeElement?.id).toBe("row");
  });

  it("take their preferred place on the first visit only", () => {
    const main = document.querySelector("main");
    if (main === null) throw new Error("no main");
    focusRegion(main, byId("row"));
    expect(document.activeElement?.id).toBe("row");
    byId("before").focus();
    byId("state").focus();
    focusRegion(main, byId("row"));
    expect(document.activeElement?.id).toBe("before");
  });
});
