import type { Message } from "#shared/model/message.ts";

/** What is held of one transcript: an unbroken run of numbered messages up to the newest, and the queue. */
export type Transcript = {
  /** In reading order: numbered ones without a gap, then those that have no number yet. */
  messages: readonly Message[];
  /** Whether the server has older ones. */
  more: boolean;
  asOf: string | null;
};

export type TranscriptPage = { messages: Message[]; more: boolean; asOf: string | null };

/** Reads a page that ends before a number; null reads the newest. */
export type ReadPage = (beforeSeq: number | null) => Promise<TranscriptPage>;

export const firstSeqOf = (messages: readonly Message[]): number | null =>
  messages.find(({ seq }) => seq !== null)?.seq ?? null;

const lastSeqOf = (messages: readonly Message[]): number | null =>
  messages.findLast(({ seq }) => seq !== null)?.seq ?? null;

/**
 * Reads the newest page and joins it to what was held before, so that a new message costs one page
 * however far back the reader has scrolled. When more arrived than a page holds, the gap is filled;
 * when the newest page is as before, the change lies further back and everything held is read again.
 */
export async function renewTranscript(
  read: ReadPage,
  heldBefore: () => Transcript | undefined,
): Promise<Transcript> {
  const page = await read(null);
  const held = heldBefore();
  const newest = held ? { ...page, messages: keepSame(held.messages, page.messages) } : page;
  const heldFirst = held ? firstSeqOf(held.messages) : null;
  const heldLast = held ? lastSeqOf(held.messages) : null;
  if (!held || heldFirst === null || heldLast === null) return newest;

  const unchanged = endsWithSame(held.messages, newest.messages);
  let run = newest;
  const reached = unchanged ? heldFirst : heldLast + 1;
  for (let first = firstSeqOf(run.messages); run.more && first !== null && first > reached;) {
    // Each page needs the one before: its place is known only then.
    const older = await read(first);
    run = { ...run, messages: [...older.messages, ...run.messages], more: older.more };
    const next = firstSeqOf(older.messages);
    first = next === null || next >= first ? null : next;
  }
  return joinOlder(heldBefore() ?? held, run);
}

/** Puts what is held and older than the run in front of it. */
function joinOlder(held: Transcript, run: Transcript): Transcript {
  const first = firstSeqOf(run.messages);
  if (first === null) return run;
  const older = held.messages.filter(({ seq }) => seq !== null && seq < first);
  if (older.length === 0) return run;
  return { ...run, messages: [...older, ...run.messages], more: held.more };
}

/** Puts an older page in front of what is held. */
export function withOlderPage(held: Transcript, page: TranscriptPage): Transcript {
  const first = firstSeqOf(held.messages);
  const older = page.messages.filter(({ seq }) => seq !== null && (first === null || seq < first));
  return { ...held, messages: [...older, ...held.messages], more: page.more };
}

/** Takes in one message that has just been written or changed here, before the next read tells of it. */
export function withMessage(held: Transcript, message: Message): Transcript {
  const at = held.messages.findIndex(({ id }) => id === message.id);
  if (at === -1) return { ...held, messages: [...held.messages, message] };
  // What the server has numbered is never put back into the queue by a late reply.
  if (held.messages[at]!.seq !== null) return held;
  return { ...held, messages: held.messages.with(at, message) };
}

export const withoutMessage = (held: Transcript, id: string): Transcript => ({
  ...held,
  messages: held.messages.filter((message) => message.id !== id || message.seq !== null),
});

/** Takes the held object for a message that is as it was, so that a view can see at once that it is. */
function keepSame(held: readonly Message[], read: readonly Message[]): Message[] {
  const known = new Map(held.map((message) => [message.id, message]));
  return read.map((message) => {
    const before = known.get(message.id);
    return before && isSame(before, message) ? before : message;
  });
}

function endsWithSame(held: readonly Message[], newest: readonly Message[]): boolean {
  if (newest.length > held.length) return false;
  const tail = held.slice(held.length - newest.length);
  return tail.every((message, index) => message === newest[index]);
}

const isSame = (a: Message, b: Message) =>
  a.id === b.id &&
  a.seq === b.seq &&
  a.delivery === b.delivery &&
  a.refusal === b.refusal &&
  a.content === b.content &&
  a.enteredInErrorAt === b.enteredInErrorAt;
