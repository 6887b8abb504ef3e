import { z } from "zod";
import { ClinicSettings } from "#shared/contract/state.ts";
import { Person } from "#shared/model/person.ts";
import { ok, type Result } from "#shared/contract/fault.ts";
import type { SealedFile } from "#electron/platform/sealed-file.ts";

const Kept = z.object({
  /** The project that all this belongs to. */
  projectUrl: z.string(),
  /** What auth-js keeps, by name: the session with its tokens. */
  auth: z.record(z.string(), z.string()),
  email: z.string().nullable(),
  /** Who the server last said that this is; null until it said so. */
  person: Person.nullable(),
  settings: ClinicSettings.nullable(),
});

/** What this machine keeps of the sign-in between starts. */
export type KeptAccount = z.infer<typeof Kept>;

/** The sign-in of one project, kept in one sealed file that is replaced as a whole. */
export type AccountFile = {
  read(): KeptAccount;
  /** Changes what is kept. Memory changes even where the disk refuses. */
  update(change: Partial<Omit<KeptAccount, "projectUrl">>): Result<void>;
  remove(): void;
};

/** Opens the file; one of another project, or one that cannot be opened, counts as empty. */
export function openAccountFile(file: SealedFile, projectUrl: string): AccountFile {
  const empty: KeptAccount = { projectUrl, auth: {}, email: null, person: null, settings: null };
  let kept = parse(file.read()) ?? empty;
  if (kept.projectUrl !== projectUrl) kept = empty;
  return {
    read: () => kept,
    update(change) {
      kept = { ...kept, ...change };
      return file.write(JSON.stringify(kept));
    },
    remove() {
      kept = empty;
      file.remove();
      return ok(undefined);
    },
  };
}

function parse(text: string | null): KeptAccount | null {
  if (text === null) return null;
  try {
    const parsed = Kept.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
