/** Paths of the API that nobody but a signed-in user is ever asked for. */
const USER_PATHS = ["/rest/v1/", "/storage/v1/"];

/** The only statuses by which an auth server says that a refresh token is no good. */
const VERDICTS = [400, 401, 403];

/** How long one request may take: after a sleep a dead connection would otherwise hang for minutes. */
const TIMEOUT_MS = 30_000;

/** The one way in which a request says that it did not arrive. */
const lost = (why: string) => new TypeError(`fetch failed: ${why}`);

const bearer = (headers: Headers): string =>
  /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";

/** True for JSON that names a fault as GoTrue does. */
async function isVerdict(response: Response): Promise<boolean> {
  if (!VERDICTS.includes(response.status)) return false;
  try {
    const body: unknown = await response.clone().json();
    return (
      typeof body === "object" &&
      body !== null &&
      ("error_code" in body || "code" in body || "error" in body)
    );
  } catch {
    return false;
  }
}

async function isSession(response: Response): Promise<boolean> {
  try {
    const body: unknown = await response.clone().json();
    return typeof body === "object" && body !== null && "access_token" in body;
  } catch {
    return false;
  }
}

/**
 * The `fetch` that supabase-js gets. Three guards make an offline workstation safe:
 * - A broken or silent connection is always a `TypeError`, in whatever words the network stack says it.
 * - While no token can be had (the old one ran out and the network is away) supabase-js would ask as
 *   anonymous, and the server's refusal would look like the last word on a queued message. Such a
 *   request is not sent.
 * - auth-js drops the session on any answer to a refresh that it does not know as a network failure: a
 *   hotel's login page, a proxy's 403, a rate limit. Only the auth server's own verdict counts here.
 * Once `closed` aborts, what is under way is stopped and nothing goes out any more.
 */
export function guardedFetch(
  anonKey: string,
  send: typeof fetch,
  closed: AbortSignal,
): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (closed.aborted) {
      // auth-js would try a failed refresh again for half a minute; one that never answers ends it.
      if (url.pathname.startsWith("/auth/v1/")) return new Promise(() => undefined);
      throw new DOMException("the connection is closed", "AbortError");
    }
    const headers = new Headers(init?.headers);
    if (USER_PATHS.some((path) => url.pathname.startsWith(path))) {
      const token = bearer(headers);
      if (token === "" || token === anonKey) throw lost("no access token");
    }
    const late = AbortSignal.timeout(TIMEOUT_MS);
    const signals = init?.signal ? [init.signal, closed] : [closed];
    const signal = AbortSignal.any([...signals, late]);
    let response: Response;
    try {
      // Chromium's network stack would keep answers in an unencrypted cache on the disk.
      response = await send(input, { ...init, signal, cache: "no-store", credentials: "omit" });
    } catch (error) {
      if (signals.some(({ aborted }) => aborted)) throw error;
      throw lost("no connection");
    }
    const isRefresh =
      url.pathname === "/auth/v1/token" && url.searchParams.get("grant_type") === "refresh_token";
    if (isRefresh) {
      const trusted = response.ok ? await isSession(response) : await isVerdict(response);
      if (!trusted) throw lost("not the auth server");
    }
    return response;
  };
}
