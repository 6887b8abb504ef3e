import { useFormat, useT } from "#renderer/i18n/Words.tsx";
import { Button } from "#renderer/ui/Button.tsx";
import type { AppointmentItem } from "#shared/model/appointment.ts";
import { PageFrame } from "./PageFrame.tsx";
import type { Clinic } from "./Places.tsx";
import { goTo } from "./use-place.ts";

const home = () => goTo({ name: "home" });

/** After leaving: whether it is over, what happens next, and the way back in while it is not. */
export function Goodbye({
  appointment,
  next,
  clinic,
}: {
  appointment: AppointmentItem;
  /** The next one after this, when there is one. */
  next: AppointmentItem | null;
  clinic: Clinic;
}) {
  const t = useT();
  const format = useFormat();
  const goesOn = appointment.session !== null && appointment.session.status !== "ended";
  return (
    <PageFrame
      {...clinic}
      action={
        goesOn ? (
          <Button
            variant="primary"
            size="large"
            wide
            onPress={() => goTo({ name: "room", appointmentId: appointment.id })}
          >
            {t("patient.goodbye.back")}
          </Button>
        ) : (
          <Button variant="primary" size="large" wide onPress={home}>
            {t("patient.goodbye.done")}
          </Button>
        )
      }
      foot={
        goesOn ? (
          <Button variant="quiet" onPress={home}>
            {t("patient.leave")}
          </Button>
        ) : (
          <Button variant="quiet" icon="history" onPress={() => goTo({ name: "past" })}>
            {t("patient.goodbye.read")}
          </Button>
        )
      }
    >
      <h1>{t(goesOn ? "patient.goodbye.left" : "patient.goodbye.ended")}</h1>
      <p>{t(goesOn ? "patient.goodbye.leftBody" : "patient.goodbye.endedBody")}</p>
      {!goesOn && next ? (
        <p>
          {t("patient.goodbye.next", {
            day: format.relativeDay(next.startsAt),
            time: format.time(next.startsAt),
          })}
        </p>
      ) : null}
      {goesOn ? null : <p>{t("patient.goodbye.close")}</p>}
    </PageFrame>
  );
}
