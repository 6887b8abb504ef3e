import { createInstance, type i18n } from "i18next";
import { en } from "./en.ts";

export type Language = "en" | "es";

export const languages = ["en", "es"] as const satisfies readonly Language[];

/** Languages that are read from right to left; none is translated yet, the layout is ready for them. */
const rightToLeft = new Set(["ar", "fa", "he", "ur"]);

export const directionOf = (locale: string): "ltr" | "rtl" =>
  rightToLeft.has(locale.split("-")[0]!) ? "rtl" : "ltr";

/** Of what the reader prefers, the first that this product speaks; English when it speaks none. */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const locale of preferred) {
    const found = languages.find((language) => locale.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

/**
 * Makes an instance of its own, so that it never meets the i18next of an app around it.
 * English is there at once; another language arrives a moment later and the words change then.
 */
export function createWords(language: Language): i18n {
  const words = createInstance({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  void words.init();
  if (language !== "en") void loadLanguage(words, language);
  return words;
}

/** Brings a language in, and shows it. */
export async function loadLanguage(words: i18n, language: Language): Promise<void> {
  if (language === "es" && !words.hasResourceBundle("es", "translation")) {
    const { es } = await import("./es.ts");
    words.addResourceBundle("es", "translation", es);
  }
  await words.changeLanguage(language);
}
