import { createClient } from "@supabase/supabase-js";
import { type FormEvent, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { AppointmentDetails } from "guide/AppointmentDetails.tsx";
import { ConsultationPage } from "guide/ConsultationPage.tsx";
import { createSession } from "guide/create-session.ts";
import { endSession } from "guide/end-session.ts";
import { HistoryPage } from "guide/HistoryPage.tsx";
import { sendMessage } from "guide/send-message.ts";
import { getSessionHistory } from "guide/session-history.ts";
import { subscribeToMessages } from "guide/subscribe-to-messages.ts";
import type { GuideCalls } from "./guide-calls.ts";
import "./app.css";

/** The app's own sign-in, as it stood before the consultation components came. */
const supabase = createClient(
  import.meta.env["VITE_SUPABASE_URL"] as string,
  import.meta.env["VITE_SUPABASE_ANON_KEY"] as string,
);

/** The five calls, for whoever drives the app. */
const guide: GuideCalls = {
  createSession,
  sendMessage,
  subscribeToMessages,
  endSession,
  getSessionHistory,
};
Object.assign(globalThis, { guide });

const asked = new URLSearchParams(location.search);
const ask = (name: string) => asked.get(name) ?? "";

function App() {
  const [userId, setUserId] = useState<string | null>(null);
  const [left, setLeft] = useState(false);
  useEffect(() => {
    const { data } = supabase.auth.onAuthStateChange((_event, session) => {
      setUserId(session?.user.id ?? null);
    });
    return () => data.subscription.unsubscribe();
  }, []);
  return (
    <>
      <h1>A clinic’s own app</h1>
      <button type="button">A button of its own</button>
      {userId === null ? <SignIn /> : left ? <p>Back in the app.</p> : <Page onLeave={setLeft} />}
    </>
  );
}

function SignIn() {
  const signIn = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    void supabase.auth.signInWithPassword({
      email: String(typed.get("mail")),
      password: String(typed.get("secret")),
    });
  };
  return (
    <form onSubmit={signIn}>
      <input name="mail" aria-label="Own email" />
      <input name="secret" type="password" aria-label="Own password" />
      <button type="submit">Own sign-in</button>
    </form>
  );
}

function Page({ onLeave }: { onLeave: (left: boolean) => void }) {
  switch (ask("page")) {
    case "details":
      return (
        <AppointmentDetails
          appointment={{ id: ask("appointment"), type: "chat" }}
          doctorName={ask("name")}
        />
      );
    case "room":
      return (
        <ConsultationPage
          appointmentId={ask("appointment")}
          type="chat"
          participantName={ask("name")}
          role={ask("role") === "doctor" ? "doctor" : "patient"}
          handleEndCall={() => onLeave(true)}
        />
      );
    case "history":
      return <HistoryPage />;
    default:
      return <p>Signed in.</p>;
  }
}

createRoot(document.getElementById("app")!).render(<App />);
