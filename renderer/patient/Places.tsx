import { Suspense, lazy, useEffect, useState } from "react";
import { FaultBanner } from "#renderer/components/consultation/FaultBanner.tsx";
import { useSignOut, useSyncState } from "#renderer/data/use-account.ts";
import { useAppointments } from "#renderer/data/use-appointments.ts";
import { useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { Spinner } from "#renderer/ui/Spinner.tsx";
import type { Person } from "#shared/model/person.ts";
import { chooseAppointment } from "./choose-appointment.ts";
import { Goodbye } from "./Goodbye.tsx";
import { Home } from "./Home.tsx";
import { PageFrame } from "./PageFrame.tsx";
import styles from "./Places.module.css";
import { useNow } from "./use-now.ts";
import { goTo, usePlace } from "./use-place.ts";

const DAY_MS = 86_400_000;
const AHEAD_DAYS = 60;

// What is needed only in the room, or only to read back, is fetched when it is asked for.
const Room = lazy(async () => ({ default: (await import("./Room.tsx")).Room }));
const Past = lazy(async () => ({ default: (await import("./Past.tsx")).Past }));

export type Clinic = {
  clinicName: string | null;
  clinicPhone: string | null;
  emergencyNumber: string | null;
};

/** The page of a patient who is signed in: start, room, goodbye, past consultations. */
export function Places({ person, ...clinic }: Clinic & { person: Person }) {
  const place = usePlace();
  const now = useNow();
  // From yesterday, so that a consultation across midnight stays; fixed, so that nothing asks again.
  const [range] = useState(() => ({
    from: new Date(Date.now() - DAY_MS).toISOString(),
    to: new Date(Date.now() + AHEAD_DAYS * DAY_MS).toISOString(),
  }));
  const appointments = useAppointments(range.from, range.to);
  const items = appointments.data?.items ?? [];
  const chosen =
    "appointmentId" in place ? items.find(({ id }) => id === place.appointmentId) : undefined;

  // A page that is loaded again in the room comes back to a consultation that goes on. It begins
  // none anew: phones load their tabs again by themselves, and that takes the button.
  const [restored, setRestored] = useState(place.name === "room" ? place.appointmentId : null);
  const isThere = place.name === "room" && place.appointmentId === restored;
  const goesOn = chosen?.session != null && chosen.session.status !== "ended";
  if (restored !== null && (!isThere || goesOn)) setRestored(null);
  const isOver = isThere && chosen !== undefined && !goesOn;
  useEffect(() => {
    if (isOver) goTo({ name: "home" });
  }, [isOver]);

  const foot = <SignOutButton />;
  if (place.name === "past") {
    return (
      <Suspense fallback={<Wait />}>
        <Past onBack={() => goTo({ name: "home" })} />
      </Suspense>
    );
  }
  if (!appointments.data) {
    return appointments.error ? (
      <PageFrame {...clinic} foot={foot}>
        <FaultBanner fault={appointments.error} onRetry={() => void appointments.refetch()} />
      </PageFrame>
    ) : (
      <Wait />
    );
  }
  if (chosen && place.name === "room" && !isOver) {
    return (
      <Suspense fallback={<Wait />}>
        <Room appointment={chosen} />
      </Suspense>
    );
  }
  const { next, later } = chooseAppointment(items, now);
  if (chosen && place.name === "goodbye") {
    return (
      <Goodbye
        appointment={chosen}
        next={later.find(({ id }) => id !== chosen.id) ?? null}
        clinic={clinic}
      />
    );
  }
  return <Home person={person} next={next} later={later} clinic={clinic} foot={foot} />;
}

function Wait() {
  const t = useT();
  return (
    <main className={styles.waiting}>
      <Spinner label={t("patient.loading")} />
    </main>
  );
}

/** Signs out; asks first when messages would be lost, right where it was pressed. */
function SignOutButton() {
  const t = useT();
  const sync = useSyncState();
  const signOut = useSignOut();
  const [asking, setAsking] = useState(false);
  const unsent = (sync.data?.queued ?? 0) + (sync.data?.refused ?? 0) > 0;
  if (asking && unsent) {
    return (
      <div className={styles.asking} role="alertdialog" aria-label={t("patient.signOutTitle")}>
        <p>{t("patient.signOutBody")}</p>
        <Button onPress={() => setAsking(false)}>{t("common.cancel")}</Button>
        <Button variant="danger" onPress={() => signOut.mutate({ discardUnsent: true })}>
          {t("patient.signOutAnyway")}
        </Button>
      </div>
    );
  }
  return (
    <>
      <Button
        variant="quiet"
        icon="signOut"
        isPending={signOut.isPending}
        onPress={() => (unsent ? setAsking(true) : signOut.mutate({ discardUnsent: false }))}
      >
        {t("patient.signOut")}
      </Button>
      {signOut.error ? <FaultBanner fault={signOut.error} /> : null}
    </>
  );
}
