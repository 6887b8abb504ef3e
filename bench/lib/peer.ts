/** The rows that every store is given, as plain as can be. */
export type PeerRows = {
  sessions: { id: string; startedAt: number; patient: string }[];
  messages: { id: string; sessionId: string; seq: number; sender: string; text: string }[];
};

export interface OpenPeer {
  list(): Promise<unknown[]>;
  transcript(sessionId: string): Promise<unknown[]>;
  search(word: string): Promise<unknown[]>;
  close(): Promise<void>;
}

/** A local store under measurement. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly note: string | null;
  load(folder: string, rows: PeerRows): Promise<void>;
  open(folder: string): Promise<OpenPeer>;
}

/** What a process is told to do, and what it answers. */
export type PeerJob = {
  /** Address of the module that exports `peer`. */
  module: string;
  folder: string;
  rowsFile: string;
  step: "load" | "read";
  sessions: string[];
  /** Another one for each search, for some stores keep answers. */
  words: string[];
};

export type PeerAnswer = {
  name: string;
  version: string;
  note: string | null;
  loadMs: number;
  openMs: number;
  transcriptMs: number[];
  searchMs: number[];
  /** The least that a search found. */
  found: number;
  rssMb: number;
};
