/** A message of the Phoenix protocol, in either version. */
export type Frame = {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
  /** A broadcast that came as a binary frame: its body stays bytes from sender to receivers. */
  broadcast?: BroadcastBody;
};

export type BroadcastBody = {
  event: string;
  isJson: boolean;
  body: Buffer;
  meta?: Record<string, unknown>;
};

export type ProtocolVersion = 1 | 2;

const PUSH = 3;
const BROADCAST = 4;

/** Writes a frame; null where the old protocol has no form for it (bytes to a version 1 client). */
export function encodeFrame(frame: Frame, version: ProtocolVersion): string | Buffer | null {
  const { broadcast } = frame;
  if (broadcast && version === 2) return encodeBroadcast(frame.topic, broadcast);
  if (broadcast && !broadcast.isJson) return null;
  const payload = broadcast ? asEnvelope(broadcast) : frame.payload;
  const { joinRef, ref, topic, event } = frame;
  return JSON.stringify(
    version === 2
      ? [joinRef, ref, topic, event, payload]
      : { topic, event, payload, ref, join_ref: joinRef },
  );
}

/** Reads a frame; throws on anything that is not one. */
export function decodeFrame(data: Buffer, isBinary: boolean, version: ProtocolVersion): Frame {
  if (isBinary) return decodePush(data);
  const value: unknown = JSON.parse(data.toString("utf8"));
  const [joinRef, ref, topic, event, payload] = Array.isArray(value)
    ? value
    : version === 1 && isObject(value)
      ? [value.join_ref, value.ref, value.topic, value.event, value.payload]
      : [];
  if (typeof topic !== "string" || typeof event !== "string") throw new Error("Not a frame");
  return { joinRef: textOrNull(joinRef), ref: textOrNull(ref), topic, event, payload };
}

/** `04|topicLen|eventLen|metaLen|encoding|topic|event|meta|payload` */
function encodeBroadcast(topic: string, { event, isJson, body, meta }: BroadcastBody): Buffer {
  const parts = [topic, event, meta ? JSON.stringify(meta) : ""].map((part) => Buffer.from(part));
  const lengths = parts.map((part) => part.length);
  return Buffer.concat([Buffer.from([BROADCAST, ...lengths, isJson ? 1 : 0]), ...parts, body]);
}

/** `03|joinRefLen|refLen|topicLen|eventLen|metaLen|encoding|joinRef|ref|topic|event|meta|payload` */
function decodePush(data: Buffer): Frame {
  if (data[0] !== PUSH || data.length < 7) throw new Error("Not a broadcast frame");
  const isJson = data[6] === 1;
  let offset = 7;
  const [joinRef = "", ref = "", topic = "", event = ""] = [...data.subarray(1, 6)].map(
    (length) => {
      const part = data.subarray(offset, offset + length).toString("utf8");
      offset += length;
      return part;
    },
  );
  if (offset > data.length) throw new Error("Cut broadcast frame");
  const body = Buffer.from(data.subarray(offset));
  if (isJson) JSON.parse(body.toString("utf8"));
  return {
    joinRef: joinRef || null,
    ref: ref || null,
    topic,
    event: "broadcast",
    payload: null,
    broadcast: { event, isJson, body },
  };
}

function asEnvelope({ event, body, meta }: BroadcastBody) {
  const payload: unknown = JSON.parse(body.toString("utf8"));
  return { type: "broadcast", event, payload, ...(meta && { meta }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
