import type { WordKey, WordValues } from "./keys.ts";

/** Times, days and durations as the reader's language and time zone write them. */
export type Format = {
  /** `09:02` */
  time: (at: Date | string) => string;
  /** `Thu 26 Nov`, with the year when it is not this one. */
  day: (at: Date | string) => string;
  /** `14 Mar 1979`, for a date of birth. */
  date: (at: Date | string) => string;
  /** `Thursday 26 November`, as a heading. */
  longDay: (at: Date | string) => string;
  /** Today, Yesterday, or the day. */
  relativeDay: (at: Date | string) => string;
  /** The whole date and time, for a focus or a tooltip. */
  full: (at: Date | string) => string;
  /** A time alone when it is today, else the day and the time. */
  moment: (at: Date | string) => string;
  /** `7:12` or `1:07:12`, to be set in tabular figures. */
  clock: (seconds: number) => string;
  /** Whole minutes in words, `7 min`; less than one counts as one. */
  minutes: (seconds: number) => string;
  number: (value: number) => string;
  /** The calendar day in the reader's time zone, `YYYY-MM-DD`, e.g. to group by. */
  dayKey: (at: Date | string) => string;
};

/** Makes the helpers for one language and time zone (the system's when none is given). */
export function createFormat(
  locale: string,
  timeZone: string | undefined,
  translate: (key: WordKey, values?: WordValues) => string,
  now: () => Date = () => new Date(),
): Format {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone });
  const hourCycle = hourCycleOf(locale);
  // `09:02` on a clock of 24 hours, but `9:02 AM`.
  const isTwelveHour = make({ hour: "numeric", hourCycle }).resolvedOptions().hour12 === true;
  const time = make({ hour: isTwelveHour ? "numeric" : "2-digit", minute: "2-digit", hourCycle });
  const day = make({ weekday: "short", day: "numeric", month: "short" });
  const dayOfYear = make({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const date = make({ day: "numeric", month: "short", year: "numeric" });
  const longDay = make({ weekday: "long", day: "numeric", month: "long" });
  const full = make({ dateStyle: "full", timeStyle: "short" });
  // Sweden's calendar days are written as ISO 8601.
  const key = new Intl.DateTimeFormat("sv-SE", { timeZone });
  const number = new Intl.NumberFormat(locale);
  const padded = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });

  const format: Format = {
    time: (at) => time.format(dateOf(at)),
    day: (at) => {
      const sameYear = key.format(dateOf(at)).slice(0, 4) === key.format(now()).slice(0, 4);
      return (sameYear ? day : dayOfYear).format(dateOf(at));
    },
    date: (at) => date.format(dateOf(at)),
    longDay: (at) => longDay.format(dateOf(at)),
    relativeDay: (at) => {
      const days = daysBetween(format.dayKey(at), format.dayKey(now()));
      if (days === 0) return translate("common.today");
      if (days === 1) return translate("common.yesterday");
      return format.day(at);
    },
    full: (at) => full.format(dateOf(at)),
    moment: (at) =>
      format.dayKey(at) === format.dayKey(now())
        ? format.time(at)
        : `${format.day(at)}, ${format.time(at)}`,
    clock: (seconds) => {
      const whole = Math.max(0, Math.floor(seconds));
      const hours = Math.floor(whole / 3600);
      const rest = `${padded.format(Math.floor(whole / 60) % 60)}:${padded.format(whole % 60)}`;
      return hours > 0 ? `${number.format(hours)}:${rest}` : rest;
    },
    minutes: (seconds) =>
      translate("common.minutes", { count: Math.max(1, Math.round(seconds / 60)) }),
    number: (value) => number.format(value),
    dayKey: (at) => key.format(dateOf(at)),
  };
  return format;
}

const dateOf = (at: Date | string) => (typeof at === "string" ? new Date(at) : at);

const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** English without a region means the clinic's 24-hour clock; a region's own habit is kept. */
const hourCycleOf = (locale: string) => (locale === "en" ? "h23" : undefined);
