import { checkAnonKey, checkProjectUrl } from "#shared/consultation/project-address.ts";
import { describeFault, recogniseFault } from "#shared/consultation/describe-fault.ts";
import type { FaultCode } from "#shared/contract/fault.ts";
import type { SetupCheck } from "#shared/contract/requests.ts";

type Name = SetupCheck["name"];
const NAMES: readonly Name[] = ["url", "key", "reachable", "tables", "realtime"];
const TIMEOUT_MS = 8_000;

const passed = (name: Name, message: string): SetupCheck => ({
  name,
  ok: true,
  fault: null,
  message,
});
const failed = (name: Name, code: FaultCode): SetupCheck => ({
  name,
  ok: false,
  fault: code,
  message: describeFault(code),
});

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** The code inside an error's body, whatever API answered. */
async function faultOf(response: Response): Promise<FaultCode> {
  const body: unknown = await response.json().catch(() => ({}));
  return recogniseFault(body, response.status);
}

/** Asks the auth server, through the gateway that checks the key. */
async function checkReachable(ask: Ask): Promise<SetupCheck> {
  try {
    const response = await ask("/auth/v1/settings");
    if (response.status === 401 || response.status === 403) {
      return failed("reachable", "invalid_key");
    }
    if (!response.ok) return failed("reachable", await faultOf(response));
    const body: unknown = await response.json().catch(() => null);
    // A captive portal or another web server answers too.
    return typeof body === "object" && body !== null && "external" in body
      ? passed("reachable", "The project answers.")
      : failed("reachable", "invalid_url");
  } catch {
    return failed("reachable", "offline");
  }
}

/**
 * Asks for the status function. Nobody is signed in yet, so a project that has the script refuses,
 * and one that does not have it says so.
 */
async function checkTables(ask: Ask): Promise<SetupCheck> {
  try {
    const response = await ask("/rest/v1/rpc/consultation_status", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    if (response.ok) return passed("tables", "The consultation tables are there.");
    const code = await faultOf(response);
    if (code === "refused" || code === "not_signed_in") {
      return passed("tables", "The consultation tables are there.");
    }
    // Here the sessions table tells an old script from none at all.
    if (code !== "tables_old") return failed("tables", code);
    const table = await ask("/rest/v1/consultation_sessions?select=id&limit=0");
    const missing = table.ok ? null : await faultOf(table);
    return failed("tables", missing === "tables_missing" ? missing : "tables_old");
  } catch {
    return failed("tables", "offline");
  }
}

/** Opens the Realtime socket and waits for the answer to one heartbeat. */
function checkRealtime(url: string, anonKey: string): Promise<SetupCheck> {
  const { promise, resolve } = Promise.withResolvers<SetupCheck>();
  const address = new URL("/realtime/v1/websocket", url.replace(/^http/, "ws"));
  address.searchParams.set("apikey", anonKey);
  address.searchParams.set("vsn", "2.0.0");
  const socket = new WebSocket(address);
  const timer = setTimeout(() => resolve(failed("realtime", "realtime_off")), TIMEOUT_MS);
  socket.addEventListener("open", () => {
    socket.send(JSON.stringify([null, "1", "phoenix", "heartbeat", {}]));
  });
  socket.addEventListener("message", () => {
    resolve(passed("realtime", "Live updates are on."));
  });
  for (const event of ["error", "close"]) {
    socket.addEventListener(event, () => resolve(failed("realtime", "realtime_off")));
  }
  return promise.finally(() => {
    clearTimeout(timer);
    socket.close();
  });
}

/**
 * Tests a project as the first-start screen shows it: the address, the key, whether it answers, whether
 * the script was pasted, and live updates. A line that fails ends the test, as those after it would only
 * repeat it, save that live updates are asked for even where the tables are missing.
 */
export async function testProject(
  given: { url: string; anonKey: string },
  send: typeof fetch,
): Promise<SetupCheck[]> {
  const url = checkProjectUrl(given.url);
  const key = checkAnonKey(given.anonKey);
  const checks: SetupCheck[] = [
    url.ok ? passed("url", url.value) : failed("url", url.fault),
    key.ok ? passed("key", "This is a publishable key.") : failed("key", key.fault),
  ];
  if (!url.ok || !key.ok) return checks;

  const ask: Ask = (path, init = {}) =>
    send(`${url.value}${path}`, {
      ...init,
      headers: { ...init.headers, apikey: key.value, authorization: `Bearer ${key.value}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "error",
    });
  checks.push(await checkReachable(ask));
  if (!checks.every((check) => check.ok)) return checks;
  checks.push(...(await Promise.all([checkTables(ask), checkRealtime(url.value, key.value)])));
  return checks.toSorted((a, b) => NAMES.indexOf(a.name) - NAMES.indexOf(b.name));
}
