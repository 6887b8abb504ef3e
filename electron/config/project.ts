import { z } from "zod";
import { checkAnonKey, checkProjectUrl } from "#shared/consultation/project-address.ts";
import { ok, type Fault, type Result } from "#shared/contract/fault.ts";
import type { SealedFile } from "#electron/platform/sealed-file.ts";

/** The address and the public key of a Supabase project, both checked. */
export type Project = { url: string; anonKey: string };

/** Two settings that may come from the environment, the build or the saved file. */
export type ProjectSource = { url: string | undefined; anonKey: string | undefined };

export type FoundProject =
  | { state: "none" }
  | { state: "rejected"; reason: Fault }
  | { state: "ready"; project: Project; from: "environment" | "build" | "saved" };

const Saved = z.object({ url: z.string(), anonKey: z.string() });

/** Checks the form of both: no plain http beyond loopback, no secret key. Asks nobody. */
export function checkProject(source: ProjectSource): Result<Project> {
  // The key first: a secret one must be named as such even beside a mistyped address.
  const anonKey = checkAnonKey(source.anonKey ?? "");
  if (!anonKey.ok) return anonKey;
  const url = checkProjectUrl(source.url ?? "");
  return url.ok ? ok({ url: url.value, anonKey: anonKey.value }) : url;
}

/**
 * Finds the project that this workstation belongs to: the environment first, then what was built in,
 * then what the first-start screen saved. A setting of IT (the first two) that is there but wrong is
 * `rejected`, never quietly passed over for the next; a saved one that is wrong is asked for again.
 */
export function findProject(
  environment: ProjectSource,
  build: ProjectSource,
  saved: SealedFile,
): FoundProject {
  const candidates = [
    { from: "environment", source: environment },
    { from: "build", source: build },
    { from: "saved", source: readSaved(saved) },
  ] as const;
  for (const { from, source } of candidates) {
    if (!source?.url && !source?.anonKey) continue;
    const checked = checkProject(source);
    if (checked.ok) return { state: "ready", project: checked.value, from };
    if (from !== "saved") return { state: "rejected", reason: checked };
  }
  return { state: "none" };
}

function readSaved(file: SealedFile): ProjectSource | null {
  const text = file.read();
  if (text === null) return null;
  try {
    return Saved.parse(JSON.parse(text));
  } catch {
    return null; // a file that makes no sense must not keep the app from starting: it is asked for again
  }
}

/** Keeps a checked project, sealed, for the next start. */
export const saveProject = (project: Project, saved: SealedFile): Result<void> =>
  saved.write(JSON.stringify(project));
