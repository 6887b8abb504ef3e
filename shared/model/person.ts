import { z } from "zod";
import { UserId } from "./ids.ts";

/** What a signed-in person is to the clinic, from `clinic_people`. */
export const PersonRole = z.enum(["doctor", "patient", "staff"]);
export type PersonRole = z.infer<typeof PersonRole>;

export const Person = z.object({
  id: UserId,
  name: z.string(),
  role: PersonRole,
  /** `YYYY-MM-DD`; null where the clinic's records do not say. */
  dateOfBirth: z.iso.date().nullable(),
});
export type Person = z.infer<typeof Person>;
