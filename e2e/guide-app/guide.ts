import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const guideFile = fileURLToPath(new URL("../../docs/setup-guide.md", import.meta.url));
const snippetFile = (name: string) => fileURLToPath(new URL(`./snippets/${name}`, import.meta.url));

export type Snippet = {
  /** The file that keeps the snippet, unedited. */
  file: string;
  /** The heading of the guide under which it stands. */
  heading: string;
};

/** Every snippet of code in the owner's guide. */
export const snippets = [
  { file: "appointment-details.tsx", heading: "In Appointment Details" },
  { file: "consultation-page.tsx", heading: "In Consultation Page" },
  { file: "consultation-history.tsx", heading: "Show Consultation History" },
  { file: "create-session.ts", heading: "Creating a Session" },
  { file: "send-message.ts", heading: "Sending a Message" },
  { file: "subscribe-to-messages.ts", heading: "Subscribing to Messages" },
  { file: "end-session.ts", heading: "Ending a Session" },
  { file: "session-history.ts", heading: "Getting Session History" },
] as const satisfies readonly Snippet[];

/** All code blocks of the guide in TypeScript, by the heading above them. */
export function readGuide(): Map<string, string> {
  const blocks = new Map<string, string>();
  let heading = "";
  let code: string[] | null = null;
  for (const line of readFileSync(guideFile, "utf8").split("\n")) {
    if (code !== null) {
      if (line === "```") {
        blocks.set(heading, code.join("\n"));
        code = null;
      } else code.push(line);
    } else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, "");
    else if (/^```(tsx|typescript)$/.test(line)) code = [];
  }
  return blocks;
}

/** A snippet as its file keeps it; only the line end of the file is not part of it. */
export const readSnippet = (file: string): string =>
  readFileSync(snippetFile(file), "utf8").replace(/\n$/, "");
