import type { Page } from "@playwright/test";
import type { PatientPage } from "./drive/patient-page.ts";
import type { Workstation } from "./drive/workstation.ts";

export type DeliveryTimes = { count: number; medianMs: number; p95Ms: number };

/**
 * Sends messages from the doctor to the patient, one after another, and measures each from the
 * press of Enter until the patient's page has drawn it. Both windows share one machine's clock.
 */
export async function measureDelivery(
  workstation: Workstation,
  patient: PatientPage,
  count: number,
): Promise<DeliveryTimes> {
  await noteEnterKey(workstation.window);
  const times: number[] = [];
  for (let number = 1; number <= count; number++) {
    const text = `Message ${number} of ${count}`;
    const seen = waitUntilDrawn(patient.page, text);
    await workstation.screen.room.send(text);
    const seenAt = await seen;
    times.push(seenAt - (await readEnterTime(workstation.window)));
  }
  return summariseTimes(times);
}

/** The median, and the time within which 95 of 100 arrive. */
export function summariseTimes(times: readonly number[]): DeliveryTimes {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
  return { count: sorted.length, medianMs: Math.round(at(0.5)), p95Ms: Math.round(at(0.95)) };
}

function noteEnterKey(page: Page): Promise<void> {
  return page.evaluate(() => {
    const note = (event: KeyboardEvent) => {
      const now = performance.timeOrigin + performance.now();
      if (event.key === "Enter") Reflect.set(window, "enterPressedAt", now);
    };
    window.addEventListener("keydown", note, true);
  });
}

function readEnterTime(page: Page): Promise<number> {
  return page.evaluate(() => Reflect.get(window, "enterPressedAt") as number);
}

/** The moment at which the text stands on the page, by the page's own clock. */
function waitUntilDrawn(page: Page, text: string): Promise<number> {
  return page.evaluate((wanted) => {
    const isThere = () =>
      [...document.querySelectorAll("[data-message] > p")].some((p) => p.textContent === wanted);
    return new Promise<number>((resolve, reject) => {
      const done = () => {
        observer.disconnect();
        clearTimeout(timer);
        requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
      };
      const observer = new MutationObserver(() => isThere() && done());
      const timer = setTimeout(() => {
        observer.disconnect();
        reject(new Error(`"${wanted}" did not arrive within 30 seconds`));
      }, 30_000);
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      if (isThere()) done();
    });
  }, text);
}
