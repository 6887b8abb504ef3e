import { describe, expect, it } from "vitest";
import { AppointmentId } from "#shared/model/ids.ts";
import { hashOf, placeOf } from "./use-place.ts";

const appointmentId = AppointmentId.parse("00000000-0000-4000-8000-000000000001");

describe("placeOf", () => {
  it("comes back to every place that it has written", () => {
    for (const place of [
      { name: "home" },
      { name: "past" },
      { name: "room", appointmentId },
      { name: "goodbye", appointmentId },
    ] as const) {
      expect(placeOf(hashOf(place))).toEqual(place);
    }
  });

  it.each(["", "#", "#/nowhere", "#/room", "#/room/not-an-id", "#/room/<script>"])(
    "takes %s for the start",
    (hash) => {
      expect(placeOf(hash)).toEqual({ name: "home" });
    },
  );
});
