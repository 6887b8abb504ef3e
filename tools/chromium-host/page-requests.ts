import { createEvent } from "./emitter.ts";
import { host } from "./host.ts";
import type { Page } from "./page.ts";
import { fromHttp, isBlankWindowUrl, schemeOf } from "./scheme-url.ts";
import { decisions, type HeadersAnswer } from "./session.ts";

/** The part of DevTools' `Fetch.requestPaused` that is used here. */
export type PausedRequest = {
  requestId: string;
  request: { url: string; urlFragment?: string; method: string; headers: Record<string, string> };
  frameId: string;
  resourceType: string;
  responseErrorReason?: string;
  responseStatusCode?: number;
  responseStatusText?: string;
  responseHeaders?: { name: string; value: string }[];
};

/** Lets a request go on, or answers it: own schemes, `will-navigate`, `onHeadersReceived`. */
export async function handlePausedRequest(
  page: Page,
  frame: object,
  paused: PausedRequest,
): Promise<void> {
  const { requestId } = paused;
  const atResponse = paused.responseStatusCode !== undefined || paused.responseErrorReason;
  if (atResponse) return handleResponse(page, paused);
  const handler = host.schemeHandlers.get(schemeOf(paused.request.url));
  if (handler) {
    const { url, headers } = paused.request;
    const answer = await handler(new Request(url, { headers }));
    await page.session.send("Fetch.fulfillRequest", {
      requestId,
      responseCode: answer.status,
      responseHeaders: [...answer.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await answer.arrayBuffer()).toString("base64"),
    });
  } else if (paused.resourceType === "Document" && !mayNavigate(page, frame, paused)) {
    await page.session.send("Fetch.failRequest", { requestId, errorReason: "Aborted" });
  } else {
    await page.session.send("Fetch.continueRequest", { requestId });
  }
}

function mayNavigate(page: Page, frame: object, paused: PausedRequest): boolean {
  const { request, frameId } = paused;
  const url = fromHttp(request.url);
  const isMainFrame = page.isMainFrame(frameId);
  const own = page.expectedUrl === request.url || isBlankWindowUrl(request.url);
  const reload = page.url.split("#")[0] === url;
  if (isMainFrame && (own || reload)) return true;
  const full = url + (request.urlFragment ?? "");
  const event = createEvent({ url: full, isSameDocument: false, isMainFrame, frame });
  const { contents } = page.owner;
  contents.emit("will-frame-navigate", event);
  if (isMainFrame && !event.defaultPrevented) {
    contents.emit("will-navigate", event, full, false, true);
  }
  return !event.defaultPrevented;
}

async function handleResponse(page: Page, paused: PausedRequest): Promise<void> {
  const { requestId, request, responseStatusCode: statusCode = 0 } = paused;
  const { headers: handler } = decisions;
  const isOwnScheme = fromHttp(request.url) !== request.url;
  // As in Electron: events of webRequest are missing for custom schemes.
  if (!handler || paused.responseErrorReason || isOwnScheme) {
    await page.session.send("Fetch.continueRequest", { requestId });
    return;
  }
  const responseHeaders: Record<string, string[]> = {};
  for (const { name, value } of paused.responseHeaders ?? []) {
    (responseHeaders[name] ??= []).push(value);
  }
  const answer = await new Promise<HeadersAnswer>((resolve) =>
    handler(
      {
        url: request.url,
        method: request.method,
        resourceType: paused.resourceType,
        statusCode,
        responseHeaders,
        webContentsId: page.owner.id,
      },
      resolve,
    ),
  );
  const isRedirect = statusCode >= 300 && statusCode < 400;
  if (answer.cancel) {
    await page.session.send("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
  } else if (!answer.responseHeaders || isRedirect) {
    await page.session.send("Fetch.continueRequest", { requestId });
  } else {
    await page.session.send("Fetch.continueResponse", {
      requestId,
      responseCode: statusCode,
      responsePhrase: paused.responseStatusText || "OK",
      responseHeaders: Object.entries(answer.responseHeaders).flatMap(([name, values]) =>
        [values].flat().map((value) => ({ name, value })),
      ),
    });
  }
}
