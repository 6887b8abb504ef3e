/** A calendar day in the user's own time zone, as `YYYY-MM-DD`. */
export type Day = string;

const two = (part: number) => String(part).padStart(2, "0");

export const dayOf = (moment: Date): Day =>
  `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;

/** Midnight at which the day begins, in local time. */
export const startOfDay = (day: Day): Date => {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
};

export const addDays = (day: Day, days: number): Day => {
  const start = startOfDay(day);
  return dayOf(new Date(start.getFullYear(), start.getMonth(), start.getDate() + days));
};

/** The two moments between which a day lies; 23 or 25 hours apart where the clocks change. */
export const boundsOf = (day: Day): { from: string; to: string } => ({
  from: startOfDay(day).toISOString(),
  to: startOfDay(addDays(day, 1)).toISOString(),
});

/** Full years of age on a day; null where the date of birth is not known. */
export const ageOn = (dateOfBirth: Day | null, on: Day): number | null => {
  if (dateOfBirth === null) return null;
  const [year = 0, month = 1, date = 1] = dateOfBirth.split("-").map(Number);
  const [nowYear = 0, nowMonth = 1, nowDate = 1] = on.split("-").map(Number);
  const hadBirthday = nowMonth > month || (nowMonth === month && nowDate >= date);
  return nowYear - year - (hadBirthday ? 0 : 1);
};
