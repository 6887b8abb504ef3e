import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { AppointmentId } from "#shared/model/ids.ts";
import type { Account } from "#shared/contract/state.ts";
// Past the public index, which brings the service along: this window has no use for a Supabase client.
import { ConsultationHistory } from "@/components/consultation/ConsultationHistory.tsx";
import { ConsultationRoom } from "@/components/consultation/ConsultationRoom.tsx";
import { type JoinRequest, JoinTarget } from "#renderer/components/consultation/join-target.tsx";
import { useT } from "#renderer/i18n/Words.tsx";
import { closeRoom, keepPlaces, startPlaces } from "../places.ts";
import { Today, type TodayProps } from "../today/Today.tsx";
import { useRoute } from "../use-route.ts";
import { Pane } from "./Pane.tsx";
import { Rail, stopsOf } from "./Rail.tsx";
import { moveRegion, rememberFocus } from "./regions.ts";
import styles from "./Shell.module.css";
import { numberPressed } from "./shortcuts.ts";
import { StatusStrip } from "./StatusStrip.tsx";

/** The window of somebody who is signed in: rail, screens, strip, and the keys between them. */
export function Shell({ account }: { account: Account }) {
  const t = useT();
  const [route, go] = useRoute();
  const [places, setPlaces] = useState(() => startPlaces(route));
  const kept = keepPlaces(places, route);
  if (kept !== places) setPlaces(kept);
  const shell = useRef<HTMLDivElement>(null);
  const { screen } = route;

  useEffect(() => {
    document.title = t("workstation.windowTitle", { place: t(`workstation.nav.${screen}`) });
  }, [t, screen]);

  useEffect(() => (shell.current === null ? undefined : rememberFocus(shell.current)), []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const stop = stopsOf(kept)[(numberPressed(event) ?? 0) - 1];
      if (stop !== undefined) go(stop);
      else if (event.key === "F6") moveRegion(document, event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [kept, go]);

  const showDay = useCallback<TodayProps["onShow"]>(
    (day, appointmentId, how) => go({ screen: "today", day, appointmentId }, how),
    [go],
  );
  const showHistory = useCallback(() => go({ screen: "history" }), [go]);
  const join = useCallback(
    ({ appointmentId, consultationType }: JoinRequest) =>
      go({
        screen: "room",
        appointmentId: AppointmentId.parse(appointmentId),
        type: consultationType,
      }),
    [go],
  );
  const { today, room } = kept;
  const leave = useCallback(() => {
    setPlaces(closeRoom);
    go(today);
  }, [go, today]);
  const opened = useMemo(() => (name: typeof screen) => kept.opened.has(name), [kept.opened]);

  return (
    <JoinTarget value={join}>
      <div ref={shell} className={styles.shell}>
        <Rail places={kept} screen={screen} />
        <main className={styles.main}>
          {opened("today") ? (
            <Pane label={t("workstation.nav.today")} isActive={screen === "today"} region={false}>
              <Today
                day={today.day}
                appointmentId={today.appointmentId}
                isActive={screen === "today"}
                onShow={showDay}
                onHistory={showHistory}
              />
            </Pane>
          ) : null}
          {opened("history") ? (
            <Pane label={t("workstation.nav.history")} isActive={screen === "history"}>
              <ConsultationHistory />
            </Pane>
          ) : null}
          {room === null ? null : (
            <Pane
              key={room.appointmentId}
              label={t("workstation.nav.room")}
              isActive={screen === "room"}
            >
              <ConsultationRoom
                appointmentId={room.appointmentId}
                consultationType={room.type}
                // The room finds the name in the clinic's records; this stands where they have none.
                participantName={t("common.unknownPatient")}
                participantRole="doctor"
                onEndCall={leave}
              />
            </Pane>
          )}
        </main>
        <StatusStrip account={account} />
      </div>
    </JoinTarget>
  );
}
