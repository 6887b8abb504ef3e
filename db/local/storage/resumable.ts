import { randomUUID } from "node:crypto";
import { json, type Answer } from "../answer.ts";
import { actAs, type Session } from "../database.ts";
import type { Claims } from "../jwt.ts";
import { claimsOf, type Keys } from "../keys.ts";
import type { Upload, UploadStore } from "./upload-store.ts";

export const RESUMABLE = "/storage/v1/upload/resumable";
/** Hosted takes chunks of exactly this size; only the last may be smaller. */
export const CHUNK_BYTES = 6 * 1024 * 1024;

const EXPIRES_AFTER_MS = 24 * 3600 * 1000;
const HEADERS = {
  "tus-resumable": "1.0.0",
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "Location, Upload-Offset, Upload-Length, Upload-Expires, Tus-Resumable",
};

type Parts = {
  session: Session;
  keys: Keys;
  store: UploadStore;
  call(request: Request): Promise<Answer>;
};

/** Resumable uploads by the TUS protocol 1.0.0: create, ask how far it came, go on, give up. */
export async function answerResumable(request: Request, parts: Parts): Promise<Answer> {
  if (request.method === "OPTIONS") return preflight();
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const who = claimsOf(bearer, request.headers.get("apikey") ?? bearer ?? "", parts.keys);
  if ("error" in who) return refused(403, "Unauthorized", "Invalid Compact JWS");
  const id = new URL(request.url).pathname.slice(RESUMABLE.length + 1);
  if (!id) {
    if (request.method !== "POST") return refused(405, "method_not_allowed", "Method not allowed");
    return create(request, who.claims, parts);
  }
  const found = await parts.store.find(id);
  if (!found || found.upload.owner !== ownerOf(who.claims))
    return refused(404, "not_found", "The upload was not found");
  if (request.method === "HEAD") return progress(200, found.upload, found.offset);
  if (request.method === "PATCH") return proceed(request, found.upload, found.offset, parts);
  if (request.method === "DELETE") {
    await parts.store.remove(id);
    return { status: 204, headers: HEADERS, body: Buffer.alloc(0) };
  }
  return refused(405, "method_not_allowed", "Method not allowed");
}

async function create(request: Request, claims: Claims, parts: Parts): Promise<Answer> {
  const told = metadataOf(request.headers.get("upload-metadata") ?? "");
  const length = Number(request.headers.get("upload-length"));
  const bucketId = told.get("bucketName") ?? "";
  const name = told.get("objectName") ?? "";
  const upsert = request.headers.get("x-upsert") === "true";
  if (!bucketId || !name || !Number.isSafeInteger(length) || length <= 0)
    return refused(400, "invalid_request", "bucketName, objectName and Upload-Length are required");
  const [bucket] = await parts.session.query<{ limit: number | null; kinds: string[] | null }>(
    `select file_size_limit::float8 as "limit", allowed_mime_types as kinds from storage.buckets where id = $1`,
    [bucketId],
  );
  if (!bucket) return refused(404, "Bucket not found", "Bucket not found");
  const contentType = told.get("contentType") ?? "application/octet-stream";
  if (bucket.limit !== null && length > bucket.limit)
    return refused(413, "Payload too large", "The object exceeded the maximum allowed size");
  if (bucket.kinds && !bucket.kinds.includes(contentType))
    return refused(415, "invalid_mime_type", `mime type ${contentType} is not supported`);
  const verdict = await mayUpload(parts.session, claims, bucketId, name, upsert);
  if (verdict === "exists") return refused(409, "Duplicate", "The resource already exists");
  if (verdict === "refused")
    return refused(403, "Unauthorized", "new row violates row-level security policy");
  const upload: Upload = {
    id: randomUUID(),
    bucket: bucketId,
    name,
    contentType,
    cacheControl: told.get("cacheControl") ?? "3600",
    upsert,
    length,
    owner: ownerOf(claims),
    expiresAt: Date.now() + EXPIRES_AFTER_MS,
  };
  await parts.store.create(upload);
  const answer = progress(201, upload, 0);
  const location = `${new URL(request.url).origin}${RESUMABLE}/${upload.id}`;
  answer.headers = { ...answer.headers, location };
  return answer;
}

async function proceed(
  request: Request,
  upload: Upload,
  offset: number,
  { store, call }: Parts,
): Promise<Answer> {
  if (request.headers.get("content-type") !== "application/offset+octet-stream")
    return refused(415, "invalid_request", "application/offset+octet-stream is expected");
  if (Number(request.headers.get("upload-offset")) !== offset)
    return refused(409, "conflict", "Upload-Offset conflict");
  const bytes = Buffer.from(await request.arrayBuffer());
  const left = upload.length - offset;
  if (
    bytes.length > CHUNK_BYTES ||
    bytes.length > left ||
    (bytes.length < CHUNK_BYTES && bytes.length < left)
  )
    return refused(400, "invalid_request", "Chunks must be of 6 MB, save the last");
  await store.append(upload.id, bytes);
  const reached = offset + bytes.length;
  if (reached < upload.length) return progress(204, upload, reached);

  const key = upload.name.split("/").map(encodeURIComponent).join("/");
  const url = new URL(`/storage/v1/object/${upload.bucket}/${key}`, request.url);
  const headers = new Headers({
    "content-type": upload.contentType,
    "content-length": String(upload.length),
    "cache-control": `max-age=${upload.cacheControl}`,
    "x-upsert": String(upload.upsert),
  });
  for (const header of ["authorization", "apikey"]) {
    const value = request.headers.get(header);
    if (value) headers.set(header, value);
  }
  const body = await store.read(upload.id);
  const answer = await call(new Request(url, { method: "POST", headers, body }));
  await store.remove(upload.id);
  return answer.status === 200 ? progress(204, upload, reached) : answer;
}

/** Asks row security on storage.objects before the first byte is sent, as hosted does. */
async function mayUpload(
  session: Session,
  claims: Claims,
  bucket: string,
  name: string,
  upsert: boolean,
): Promise<"allowed" | "exists" | "refused"> {
  const there = await session.query(
    "select from storage.objects where bucket_id = $1 and name = $2",
    [bucket, name],
  );
  if (there.length > 0 && !upsert) return "exists";
  await session.exec("begin");
  try {
    await actAs(session, claims);
    if (there.length > 0) {
      const changed = await session.query(
        "update storage.objects set updated_at = now() where bucket_id = $1 and name = $2 returning id",
        [bucket, name],
      );
      return changed.length > 0 ? "allowed" : "refused";
    }
    await session.query(
      "insert into storage.objects (bucket_id, name, owner_id) values ($1, $2, $3)",
      [bucket, name, claims.sub ?? null],
    );
    return "allowed";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "42501") return "refused";
    throw error;
  } finally {
    await session.exec("rollback");
  }
}

function progress(status: number, upload: Upload, offset: number): Answer {
  return {
    status,
    headers: {
      ...HEADERS,
      "cache-control": "no-store",
      "upload-offset": String(offset),
      "upload-length": String(upload.length),
      "upload-expires": new Date(upload.expiresAt).toUTCString(),
    },
    body: Buffer.alloc(0),
  };
}

function preflight(): Answer {
  return {
    status: 204,
    headers: {
      ...HEADERS,
      "tus-version": "1.0.0",
      "tus-extension": "creation,expiration,termination",
      "access-control-allow-methods": "POST, HEAD, PATCH, DELETE, OPTIONS",
      "access-control-allow-headers":
        "authorization, apikey, content-type, x-upsert, x-client-info, tus-resumable, upload-length, upload-metadata, upload-offset",
    },
    body: Buffer.alloc(0),
  };
}

function refused(status: number, error: string, message: string): Answer {
  return json(status, { statusCode: String(status), error, message }, HEADERS);
}

function ownerOf(claims: Claims): string {
  return claims.sub ?? claims.role;
}

/** `name base64value,name base64value` */
function metadataOf(header: string): Map<string, string> {
  const entries = header.split(",").map((part) => {
    const [name = "", value = ""] = part.trim().split(" ");
    return [name, Buffer.from(value, "base64").toString("utf8")] as const;
  });
  return new Map(entries);
}
