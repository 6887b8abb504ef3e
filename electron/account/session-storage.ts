import type { SessionStorage } from "#electron/remote/supabase.ts";
import type { AccountFile } from "./account-file.ts";

/** Gives auth-js a storage inside the sealed account file. */
export function sessionStorage(file: AccountFile): SessionStorage {
  return {
    getItem: (name) => file.read().auth[name] ?? null,
    setItem(name, value) {
      file.update({ auth: { ...file.read().auth, [name]: value } });
    },
    removeItem(name) {
      const { [name]: _removed, ...auth } = file.read().auth;
      file.update({ auth });
    },
  };
}
