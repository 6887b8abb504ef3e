import type { SupabaseClient } from "@supabase/supabase-js";
import { consultationStatus, personOfStatus } from "#shared/consultation/calls.ts";
import { ConsultationError } from "#shared/consultation/consultation-error.ts";
import type { Account } from "#shared/contract/state.ts";
import type { Person } from "#shared/model/person.ts";

/** Who is signed in on this page, as the server knows him; asked once per sign-in. */
export class AccountState {
  readonly #client: SupabaseClient;
  readonly #server: string;
  /** One question for everybody who asks at the same time. */
  #known: { userId: string; answer: Promise<Account> } | null = null;

  constructor(client: SupabaseClient, server: string) {
    this.#client = client;
    this.#server = server;
  }

  /** The account; `person: null` where nobody is signed in. Throws `account_blocked` for a stranger. */
  async current(): Promise<Account> {
    const { data, error } = await this.#client.auth.getSession();
    if (error) throw ConsultationError.from(error);
    const user = data.session?.user;
    if (user === undefined) {
      this.#known = null;
      return this.#nobody();
    }
    if (this.#known?.userId !== user.id) {
      const answer = this.#ask(user.email ?? null);
      const known = { userId: user.id, answer };
      this.#known = known;
      // A failure is not remembered: the next caller asks again.
      answer.catch(() => {
        if (this.#known === known) this.#known = null;
      });
    }
    return this.#known.answer;
  }

  async #ask(email: string | null): Promise<Account> {
    const status = await consultationStatus(this.#client);
    const person = personOfStatus(status);
    if (person === null) throw new ConsultationError("account_blocked");
    return {
      configured: true,
      server: this.#server,
      person,
      email,
      settings: {
        clinicName: status.settings?.clinic_name ?? null,
        clinicPhone: status.settings?.clinic_phone ?? null,
        emergencyNumber: status.settings?.emergency_number ?? null,
        patientPageUrl: status.settings?.patient_page_url ?? null,
      },
    };
  }

  /** The signed-in person; throws `not_signed_in` where there is none. */
  async person(): Promise<Person> {
    const { person } = await this.current();
    if (person === null) throw new ConsultationError("not_signed_in");
    return person;
  }

  async signIn(email: string, password: string): Promise<Account> {
    const { error } = await this.#client.auth.signInWithPassword({ email, password });
    if (error) throw ConsultationError.from(error);
    this.#known = null;
    try {
      return await this.current();
    } catch (failed) {
      // Half signed in is not signed in: a stranger, or a project without the tables, goes out again.
      await this.#client.auth.signOut({ scope: "local" });
      throw failed;
    }
  }

  /** Signs out on this page at once; a server that cannot be told lets the token run out by itself. */
  async signOut(): Promise<void> {
    const { error } = await this.#client.auth.signOut({ scope: "local" });
    this.#known = null;
    if (error && (await this.#client.auth.getSession()).data.session !== null) {
      throw ConsultationError.from(error);
    }
  }

  /** The id of whoever was last seen signed in; null where nobody was. */
  get knownUserId(): string | null {
    return this.#known?.userId ?? null;
  }

  forget(): void {
    this.#known = null;
  }

  #nobody(): Account {
    return {
      configured: true,
      server: this.#server,
      person: null,
      email: null,
      settings: null,
    };
  }
}
