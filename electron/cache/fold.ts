/**
 * Marks that a searcher leaves out: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel
 * signs, the tatweel. Indic vowel signs stay: they are letters to their readers.
 */
const MARKS =
  /[\u{300}-\u{36f}]|[\u{591}-\u{5bd}]|\u{5bf}|\u{5c1}|\u{5c2}|\u{640}|[\u{64b}-\u{65f}]|\u{670}/gu;

/** Writing that puts no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

const isWord = /[\p{L}\p{N}\p{Co}]/u;

const foldLetters = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(MARKS, "")
    .toUpperCase()
    .toLowerCase()
    .replaceAll("ς", "σ")
    .normalize("NFC");

/**
 * Writes a text as the search index holds it: case, accents and width folded; runs without spaces
 * (Chinese, Japanese, Thai …) as overlapping pairs and the last character, so that any part of a
 * run is found. A change here needs a migration that rebuilds the index.
 */
export function fold(text: string): string {
  return foldLetters(text).replace(UNSPACED, (run) => {
    const letters = [...run];
    const pairs = letters.map((letter, at) => letter + (letters[at + 1] ?? ""));
    return ` ${pairs.join(" ")} `;
  });
}

/**
 * Turns what a person typed into an FTS5 query that cannot be a syntax error: every word must
 * occur, the last one may be a beginning; words in double quotes are a phrase. Null when nothing in
 * it can be searched for.
 */
export function searchQuery(typed: string): string | null {
  const parts = foldLetters(typed).match(/"[^"]*"?|[^\s"]+/gu) ?? [];
  const terms = parts.flatMap((part, at) => {
    const open = at === parts.length - 1 && !(part.length > 1 && part.endsWith('"'));
    const term = phrase(part.replaceAll('"', " "), open);
    return term === null ? [] : [term];
  });
  return terms.length === 0 ? null : terms.join(" AND ");
}

/** One word or phrase in the index's own terms; `open` lets its end be a beginning. */
function phrase(folded: string, open: boolean): string | null {
  let last = folded.trim();
  const tokens: string[] = [];
  for (const run of folded.matchAll(UNSPACED)) {
    const letters = [...run[0]];
    tokens.push(last.slice(0, last.indexOf(run[0])));
    last = last.slice(last.indexOf(run[0]) + run[0].length);
    // The index also holds the run's last letter alone, so pairs without it find every place.
    for (let at = 0; at + 1 < letters.length; at++) tokens.push(letters[at]! + letters[at + 1]!);
    if (letters.length === 1) tokens.push(letters[0]!);
  }
  tokens.push(last);
  const text = tokens.join(" ").trim();
  if (!isWord.test(text)) return null;
  const single = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u.test(text);
  return `"${text}"${open || single ? " *" : ""}`;
}
