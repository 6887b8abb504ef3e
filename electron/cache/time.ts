/** A moment of the server as whole milliseconds since 1970; null stays null. */
export const toMs = (at: string): number => Date.parse(at);
export const toMsOrNull = (at: string | null | undefined): number | null =>
  at === null || at === undefined ? null : Date.parse(at);

export const fromMs = (ms: number): string => new Date(ms).toISOString();
export const fromMsOrNull = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();
