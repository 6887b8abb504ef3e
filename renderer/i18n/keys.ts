import type { en } from "./en.ts";

type PluralEnding = "zero" | "one" | "two" | "few" | "many" | "other";

type Paths<Words, Prefix extends string = ""> = {
  [Key in keyof Words & string]: Words[Key] extends string
    ? `${Prefix}${WithoutPlural<Key>}`
    : Paths<Words[Key], `${Prefix}${Key}.`>;
}[keyof Words & string];

type WithoutPlural<Key extends string> = Key extends `${infer Base}_${PluralEnding}` ? Base : Key;

/** Every key that can be asked for, e.g. `room.finish`; plurals without their ending. */
export type WordKey = Paths<typeof en>;

/** A language that is not complete yet: any of the sections and words of English, and no others. */
export type Partially<Words> = {
  readonly [Key in keyof Words]?: Words[Key] extends string ? string : Partially<Words[Key]>;
};

export type WordValues = Record<string, string | number>;

/** Looks a word up in the reader's language. */
export type Translate = (key: WordKey, values?: WordValues) => string;
