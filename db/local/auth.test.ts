import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalSupabase, type LocalSupabase } from "./start.ts";
import { claimsIn, connect, pause, signIn } from "./testing/clients.ts";

const SCRIPT = `
create table profiles (id uuid primary key references auth.users (id) on delete cascade, full_name text, email text);
create function on_user() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.profiles values (new.id, new.raw_user_meta_data ->> 'full_name', new.email);
  return new;
end $$;
create trigger on_user after insert on auth.users for each row execute function on_user();
create function who() returns jsonb language sql stable as $$
  select jsonb_build_object('uid', auth.uid(), 'anonymous', auth.jwt() -> 'is_anonymous', 'aal', auth.jwt() ->> 'aal')
$$;`;

let backend: LocalSupabase;

beforeAll(async () => {
  backend = await startLocalSupabase({ script: [SCRIPT] });
});
afterAll(() => backend.close());

const anon = () => connect(backend, backend.anonKey);
const email = () => `${crypto.randomUUID()}@example.org`;

describe("sign-up and sign-in", () => {
  it("give a token with hosted's claims", async () => {
    const { data, error } = await anon().auth.signUp({
      email: email(),
      password: "long enough",
      options: { data: { full_name: "Dr. A" } },
    });
    expect(error).toBeNull();
    expect(claimsIn(data.session?.access_token ?? "")).toMatchObject({
      iss: `${backend.url}/auth/v1`,
      aud: "authenticated",
      role: "authenticated",
      sub: data.user?.id,
      email: data.user?.email,
      phone: "",
      aal: "aal1",
      amr: [{ method: "password" }],
      is_anonymous: false,
      app_metadata: { provider: "email" },
      user_metadata: { full_name: "Dr. A" },
    });
    expect(
      await backend.sql(`select full_name from profiles where id = '${data.user?.id}'`),
    ).toEqual([{ full_name: "Dr. A" }]);
  });

  it.each([
    ["a wrong password", "invalid_credentials", () => wrongPassword()],
    ["an address that is taken", "user_already_exists", () => signUpTwice()],
    [
      "a short password",
      "weak_password",
      () => anon().auth.signUp({ email: email(), password: "1" }),
    ],
  ])("refuse %s", async (_, code, attempt) => {
    expect((await attempt()).error?.code).toBe(code);
  });

  async function wrongPassword() {
    const address = email();
    await backend.createUser({ email: address, password: "long enough" });
    return anon().auth.signInWithPassword({ email: address, password: "wrong one" });
  }

  async function signUpTwice() {
    const person = { email: email(), password: "long enough" };
    await anon().auth.signUp(person);
    return anon().auth.signUp(person);
  }

  it("serve getClaims() and getUser()", async () => {
    const { client, id } = await signIn(backend, "a");
    const claims = await client.auth.getClaims();
    expect(claims.error).toBeNull();
    expect(claims.data?.claims).toMatchObject({ sub: id, user_metadata: { full_name: "a" } });
    expect((await client.auth.getUser()).data.user?.id).toBe(id);
  });

  it("end with signOut", async () => {
    const { client } = await signIn(backend, "a");
    const refreshToken = (await client.auth.getSession()).data.session?.refresh_token ?? "";
    expect((await client.auth.signOut()).error).toBeNull();
    const after = await anon().auth.refreshSession({ refresh_token: refreshToken });
    expect(after.error).not.toBeNull();
  });
});

describe("refresh", () => {
  it("gives a new token with the same claims", async () => {
    const { client, token, id } = await signIn(backend, "a");
    await pause(1100);
    const { data, error } = await client.auth.refreshSession();
    expect(error).toBeNull();
    expect(data.session?.access_token).not.toBe(token);
    expect(claimsIn(data.session?.access_token ?? "")).toMatchObject({
      sub: id,
      aal: "aal1",
      user_metadata: { full_name: "a" },
    });
  });

  it("brings a user's new metadata into the token", async () => {
    const { client, id } = await signIn(backend, "a");
    await connect(backend, backend.serviceKey).auth.admin.updateUserById(id, {
      app_metadata: { clinic: "north" },
    });
    const { data } = await client.auth.refreshSession();
    expect(claimsIn(data.session?.access_token ?? "").app_metadata).toMatchObject({
      clinic: "north",
    });
  });

  it("refuses a token that was never given", async () => {
    const { error } = await anon().auth.refreshSession({ refresh_token: "abcdefghijkl" });
    expect(error?.code).toBe("refresh_token_not_found");
  });
});

describe("anonymous sign-in", () => {
  it("makes a user without an address, and says so in user and token", async () => {
    const client = anon();
    const { data, error } = await client.auth.signInAnonymously({
      options: { data: { full_name: "Guest" } },
    });
    expect(error).toBeNull();
    expect(data.user).toMatchObject({ is_anonymous: true, user_metadata: { full_name: "Guest" } });
    expect(claimsIn(data.session?.access_token ?? "")).toMatchObject({
      is_anonymous: true,
      role: "authenticated",
      amr: [{ method: "anonymous" }],
    });
    expect((await client.rpc("who")).data).toEqual({
      uid: data.user?.id,
      anonymous: true,
      aal: "aal1",
    });
    expect((await client.auth.getUser()).data.user?.is_anonymous).toBe(true);
    expect((await client.auth.refreshSession()).data.user?.is_anonymous).toBe(true);
    expect(await backend.sql(`select email from profiles where id = '${data.user?.id}'`)).toEqual([
      { email: null },
    ]);
  });

  it("makes nobody for a wrong key", async () => {
    const count = async () =>
      (await backend.sql("select count(*)::int as n from auth.users"))[0]?.n;
    const before = await count();
    const { error } = await connect(backend, "sb_publishable_wrong").auth.signInAnonymously();
    expect(error).not.toBeNull();
    expect(await count()).toBe(before);
  });
});

describe("auth.admin", () => {
  it("makes, lists, finds, changes and removes users", async () => {
    const { admin } = connect(backend, backend.serviceKey).auth;
    const id = crypto.randomUUID();
    const address = email();
    const made = await admin.createUser({
      id,
      email: address,
      password: "long enough",
      email_confirm: true,
      user_metadata: { full_name: "B" },
    });
    expect(made.data.user).toMatchObject({ id, email: address, user_metadata: { full_name: "B" } });
    const listed = await admin.listUsers({ page: 1, perPage: 1000 });
    expect(listed.data.users.map((user) => user.id)).toContain(id);
    expect((await admin.getUserById(id)).data.user?.email).toBe(address);
    await admin.updateUserById(id, { password: "another one" });
    const signedIn = await anon().auth.signInWithPassword({
      email: address,
      password: "another one",
    });
    expect(signedIn.error).toBeNull();
    expect((await admin.deleteUser(id)).error).toBeNull();
    expect((await admin.getUserById(id)).error?.code).toBe("user_not_found");
  });

  it("refuses an address that is taken", async () => {
    const { admin } = connect(backend, backend.serviceKey).auth;
    const person = { email: email(), password: "long enough" };
    await admin.createUser(person);
    expect((await admin.createUser(person)).error?.code).toBe("email_exists");
  });

  it("is closed to the publishable key and to a signed-in user", async () => {
    const { client } = await signIn(backend, "a");
    for (const { auth } of [anon(), client]) {
      const { error } = await auth.admin.createUser({ email: email(), password: "long enough" });
      expect(error?.code).toBe("not_admin");
    }
  });
});
