import type { ConsultationError } from "#shared/consultation/consultation-error.ts";
import type { FaultCode } from "#shared/contract/fault.ts";
import type { Connection, SyncState } from "#shared/contract/state.ts";

/** Faults that somebody has to act on; the others pass, or belong to the call that met them. */
const TO_ACT_ON: ReadonlySet<FaultCode> = new Set([
  "tables_missing",
  "tables_old",
  "app_old",
  "invalid_key",
  "realtime_off",
  "quota",
  "not_signed_in",
  "account_blocked",
]);

/** What the last answers of the server say about the connection. */
export class Connectivity {
  readonly #changed: () => void;
  #connection: Connection = "connecting";
  #asOf: string | null = null;
  #fault: SyncState["fault"] = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  state(queued: number, refused: number): SyncState {
    return {
      connection: this.#connection,
      asOf: this.#asOf,
      queued,
      refused,
      pulling: null,
      fault: this.#fault,
    };
  }

  /** The server has answered. */
  heard(): void {
    this.#asOf = new Date().toISOString();
    // Only a joined topic proves that live updates are back.
    this.#set("online", this.#fault?.code === "realtime_off" ? this.#fault : null);
  }

  /** A topic is joined: live updates come in. */
  joined(): void {
    if (this.#fault?.code === "realtime_off") this.#set("online", null);
  }

  failed({ code, message }: ConsultationError): void {
    if (code === "offline") this.#set("offline", null);
    else if (TO_ACT_ON.has(code)) this.#set("online", { code, message });
  }

  #set(connection: Connection, fault: SyncState["fault"]): void {
    const same = connection === this.#connection && fault?.code === this.#fault?.code;
    this.#connection = connection;
    this.#fault = fault;
    if (!same) this.#changed();
  }
}
