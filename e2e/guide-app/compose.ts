import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSnippet } from "./guide.ts";

const folder = fileURLToPath(new URL("../../out/guide-app/guide/", import.meta.url));

/** Lets a component snippet stand where the guide puts it: its import on top, its JSX returned. */
function component(file: string, head: string): string {
  const snippet = readSnippet(file);
  const at = snippet.indexOf("\n\n");
  return `${snippet.slice(0, at)}\n\nexport function ${head} {\n  return ${snippet.slice(at + 2)}\n}\n`;
}

const SERVICE = `import { consultationService } from "@/components/consultation";`;

/** Puts a service snippet into a function that gives it its variables. */
function call(file: string, head: string, result = ""): string {
  return `${SERVICE}\n\nexport async function ${head} {\n${readSnippet(file)}\n${result}}\n`;
}

/** The subscription is ended where the guide says "Later": when `later` settles. */
function subscription(): string {
  const snippet = readSnippet("subscribe-to-messages.ts");
  const at = snippet.indexOf("// Later, unsubscribe");
  return `${SERVICE}

export async function subscribeToMessages(sessionId: string, later: Promise<void>) {
${snippet.slice(0, at)}
await later;
${snippet.slice(at)}
}
`;
}

const sources = (): Record<string, string> => ({
  "AppointmentDetails.tsx": component(
    "appointment-details.tsx",
    "AppointmentDetails({ appointment, doctorName }: { appointment: { id: string; type: string }; doctorName: string })",
  ),
  "ConsultationPage.tsx": component(
    "consultation-page.tsx",
    `ConsultationPage({ appointmentId, type, participantName, role, handleEndCall }: {
  appointmentId: string;
  type: "video" | "audio" | "chat";
  participantName: string;
  role: "doctor" | "patient";
  handleEndCall: () => void;
})`,
  ),
  "HistoryPage.tsx": component("consultation-history.tsx", "HistoryPage()"),
  "create-session.ts": call(
    "create-session.ts",
    "createSession(appointmentId: string, patientId: string, doctorId: string)",
    "return session;\n",
  ),
  "send-message.ts": call("send-message.ts", "sendMessage(sessionId: string, userId: string)"),
  "subscribe-to-messages.ts": subscription(),
  "end-session.ts": call(
    "end-session.ts",
    "endSession(sessionId: string, durationInSeconds: number)",
  ),
  "session-history.ts": call(
    "session-history.ts",
    "getSessionHistory(userId: string)",
    "return sessions;\n",
  ),
});

/** Writes the snippets, unedited, each inside the little that makes it a module of the sample app. */
export function composeGuide(): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, source] of Object.entries(sources())) writeFileSync(folder + file, source);
}
