import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { I18nextProvider, useTranslation } from "react-i18next";
import { createFormat, type Format } from "./format.ts";
import { createWords, directionOf, pickLanguage, type Language } from "./i18n.ts";
import type { Translate } from "./keys.ts";

const FormatContext = createContext<Format | null>(null);

/** Whether the words of this product are already provided above. */
export const useHasWords = (): boolean => useContext(FormatContext) !== null;

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
  return (
    <I18nextProvider i18n={words}>
      <Formats locale={locale ?? regionOf(chosen)} timeZone={timeZone}>
        {children}
      </Formats>
    </I18nextProvider>
  );
}

/** Makes the formats once for all: each costs more than everything that it formats on a screen. */
function Formats({
  locale,
  timeZone,
  children,
}: {
  locale: string;
  timeZone: string | undefined;
  children: ReactNode;
}) {
  const t = useT();
  const format = useMemo(() => createFormat(locale, timeZone, t), [locale, timeZone, t]);
  return <FormatContext value={format}>{children}</FormatContext>;
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
  const format = useContext(FormatContext);
  if (!format) throw new Error("Words are missing above.");
  return format;
}

/** The attributes that a Root takes from the reader's language. */
export function useLanguageProps(): { lang: string; dir: "ltr" | "rtl" } {
  const { i18n } = useTranslation();
  return { lang: i18n.language, dir: directionOf(i18n.language) };
}
