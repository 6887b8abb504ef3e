import type { ReactNode } from "react";
import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import { StatusPill } from "#renderer/ui/StatusPill.tsx";
import type { AppointmentItem } from "#shared/model/appointment.ts";
import type { Person } from "#shared/model/person.ts";
import styles from "./Home.module.css";
import { PageFrame } from "./PageFrame.tsx";
import type { Clinic } from "./Places.tsx";
import { useNow } from "./use-now.ts";
import { goTo } from "./use-place.ts";

/** How early a patient is told that it is not time yet. */
const EARLY_MS = 15 * 60_000;

const join = (item: AppointmentItem) => goTo({ name: "room", appointmentId: item.id });

/** The start: who, when, and one button to go in. */
export function Home({
  person,
  next,
  later,
  clinic,
  foot,
}: {
  person: Person;
  next: AppointmentItem | null;
  later: readonly AppointmentItem[];
  clinic: Clinic;
  foot: ReactNode;
}) {
  const t = useT();
  const live = next?.session != null && next.session.status !== "ended";
  return (
    <PageFrame
      {...clinic}
      action={
        next ? (
          <Button variant="primary" size="large" wide onPress={() => join(next)}>
            {t(live ? "patient.home.rejoin" : "patient.home.join")}
          </Button>
        ) : null
      }
      foot={
        <>
          <Button variant="quiet" icon="history" onPress={() => goTo({ name: "past" })}>
            {t("patient.home.past")}
          </Button>
          {foot}
        </>
      }
    >
      <p className={styles.hello}>
        {person.name === ""
          ? t("patient.home.helloPlain")
          : t("patient.home.hello", { name: person.name })}
      </p>
      {next ? <Next item={next} /> : <Nothing />}
      {later.length > 0 ? <Later items={later} /> : null}
    </PageFrame>
  );
}

function Next({ item }: { item: AppointmentItem }) {
  const t = useT();
  const format = useFormat();
  const now = useNow();
  const status = item.session?.status;
  const early = status === undefined && Date.parse(item.startsAt) - now > EARLY_MS;
  return (
    <>
      <h1>
        {`${format.relativeDay(item.startsAt)}, ${format.time(item.startsAt)}`}
        <br />
        {item.doctorName
          ? t("patient.home.with", { name: item.doctorName })
          : t("patient.home.withDoctor")}
      </h1>
      <p className={styles.kind}>
        {[t(`common.type.${item.type}`), item.reason].filter(Boolean).join(" · ")}
      </p>
      {status === "active" ? (
        <p className={styles.state}>
          <StatusPill tone="ok" shape="dot">
            {t("patient.home.live")}
          </StatusPill>
        </p>
      ) : null}
      {status === "paused" ? (
        <p className={styles.state}>
          <StatusPill tone="warning" shape="bars">
            {t("patient.home.paused")}
          </StatusPill>
        </p>
      ) : null}
      {early ? <p className={styles.early}>{t("patient.home.early")}</p> : null}
    </>
  );
}

function Nothing() {
  const t = useT();
  return (
    <>
      <h1>{t("patient.home.none")}</h1>
      <p>{t("patient.home.noneBody")}</p>
    </>
  );
}

function Later({ items }: { items: readonly AppointmentItem[] }) {
  const t = useT();
  const format = useFormat();
  return (
    <section className={styles.later} aria-label={t("patient.home.others")}>
      <h2>{t("patient.home.others")}</h2>
      <ul>
        {items.map((item) => {
          const day = format.relativeDay(item.startsAt);
          const time = format.time(item.startsAt);
          const name = item.doctorName ?? t("common.unknownDoctor");
          return (
            <li key={item.id}>
              <span className={styles.when}>
                {day} {time}
              </span>
              <span className={styles.who}>{name}</span>
              <Button
                aria-label={t("patient.home.joinOther", { day, time, name })}
                onPress={() => join(item)}
              >
                {t("patient.home.join")}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
