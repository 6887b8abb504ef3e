/** How many messages one session can hold: the room below its key in a message's rowid. */
export const RIDS_PER_SESSION = 2 ** 20;

/** A message's rowid: its session's local key and its number, `key << 20 | seq`. */
export const ridOf = (key: number, seq: number): number => key * RIDS_PER_SESSION + seq;

export const seqOf = (rid: number): number => rid % RIDS_PER_SESSION;
