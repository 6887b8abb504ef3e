import { useSyncExternalStore } from "react";
import { AppointmentId } from "#shared/model/ids.ts";

/** Where in the page the patient is. It stands in the address, so that a reload comes back to it. */
export type Place =
  | { name: "home" }
  | { name: "room"; appointmentId: AppointmentId }
  | { name: "goodbye"; appointmentId: AppointmentId }
  | { name: "past" };

const HOME: Place = { name: "home" };

/** Reads a place from an address's hash; whatever it does not know is the start. */
export function placeOf(hash: string): Place {
  const [name, id] = hash.replace(/^#\/?/, "").split("/");
  if (name === "past") return { name };
  if (name === "room" || name === "goodbye") {
    const appointmentId = AppointmentId.safeParse(id);
    if (appointmentId.success) return { name, appointmentId: appointmentId.data };
  }
  return HOME;
}

export const hashOf = (place: Place): string =>
  "appointmentId" in place ? `#/${place.name}/${place.appointmentId}` : `#/${place.name}`;

export const goTo = (place: Place): void => {
  location.hash = hashOf(place);
};

const listen = (changed: () => void) => {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
};

export const usePlace = (): Place => placeOf(useSyncExternalStore(listen, () => location.hash));
