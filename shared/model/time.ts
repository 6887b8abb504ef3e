import { z } from "zod";

/** A moment as ISO 8601 text with an offset, as Supabase sends it; compare through `Date`, not as text. */
export const timestamp = z.iso.datetime({ offset: true });

/** A calendar day, `YYYY-MM-DD`, in the user's own time zone. */
export const calendarDay = z.iso.date();
