import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { I18nextProvider, useTranslation } from "react-i18next";
import { createFormat, type Format } from "./format.ts";
import { createWords, directionOf, pickLanguage, type Language } from "./i18n.ts";
import type { Translate } from "./keys.ts";

type Region = { locale: string; timeZone: string | undefined };

const RegionContext = createContext<Region | null>(null);

/** Whether the words of this product are already provided above. */
export const useHasWords = (): boolean => useContext(RegionContext) !== null;

export type WordsProps = {
  /** The reader's language; the browser's preference when none is given. */
  language?: Language;
  /** How days and numbers are written, e.g. `en-GB`; the browser's habit for that language when none is given. */
  locale?: string;
  /** IANA name; the system's when none is given. */
  timeZone?: string;
  children: ReactNode;
};

/** Gives the words and the formats to everything inside it. */
export function Words({ language, locale, timeZone, children }: WordsProps) {
  const [chosen] = useState(() => language ?? pickLanguage(navigator.languages));
  const [words] = useState(() => createWords(chosen));
  const region = useMemo(
    () => ({ locale: locale ?? regionOf(chosen), timeZone }),
    [locale, timeZone, chosen],
  );
  return (
    <I18nextProvider i18n={words}>
      <RegionContext value={region}>{children}</RegionContext>
    </I18nextProvider>
  );
}

/** The reader's own region of a language, e.g. `en-GB` for English, so that dates are written as at home. */
const regionOf = (language: Language): string =>
  navigator.languages.find((locale) => locale.split("-")[0] === language) ?? language;

/** The function that looks words up: `const t = useT(); t("room.finish")`. */
export function useT(): Translate {
  return useTranslation().t as Translate;
}

/** The formats of the reader's language and time zone. */
export function useFormat(): Format {
  const t = useT();
  const region = useContext(RegionContext);
  const locale = region?.locale ?? "en";
  return useMemo(() => createFormat(locale, region?.timeZone, t), [locale, region?.timeZone, t]);
}

/** The attributes that a Root takes from the reader's language. */
export function useLanguageProps(): { lang: string; dir: "ltr" | "rtl" } {
  const { i18n } = useTranslation();
  return { lang: i18n.language, dir: directionOf(i18n.language) };
}
