import { isRecord, json, readJson, withJson, type Answer } from "../answer.ts";

type Call = (request: Request) => Promise<Answer>;

/** Answers a storage request as hosted does, where lite differs. */
export async function answerStorage(request: Request, call: Call): Promise<Answer> {
  const { pathname } = new URL(request.url);
  const route = /^\/storage\/v1\/object\/(?:(upload\/sign|sign|list)\/)?([^/]+)(?:\/(.*))?$/.exec(
    pathname,
  );
  if (request.method === "POST" && route) {
    const [, action, bucket = "", key] = route;
    if (action === "list") return listFolder(request, bucket, call);
    if (action === "sign") return sign(request, bucket, key, call);
    if (action === "upload/sign") return signUpload(request, call);
  }
  const answer = nameMissing(await call(await rawUpload(request)));
  if (pathname.startsWith("/storage/v1/object/sign/") && answer.status === 500)
    return json(400, {
      statusCode: "400",
      error: "InvalidJWT",
      message: '"exp" claim timestamp check failed',
    });
  if (pathname.startsWith("/storage/v1/object/info/")) return describeObject(answer);
  return cutRange(request, answer);
}

/** supabase-js knows a missing object by the code that hosted gives. */
function nameMissing(answer: Answer): Answer {
  if (answer.status !== 400 && answer.status !== 404) return answer;
  const told = readJson(answer);
  if (told?.message !== "Object not found" || told.code !== undefined) return answer;
  return withJson(answer, answer.status, { ...told, code: "NoSuchKey" });
}

/** lite tells its own rows; hosted tells of size, kind and age in plain fields. */
function describeObject(answer: Answer): Answer {
  const told = readJson(answer);
  if (answer.status !== 200 || !told || !isRecord(told.httpMetadata)) return answer;
  const { id, name, version, bucket_id, created_at, user_metadata, httpMetadata } = told;
  return json(200, {
    id,
    name,
    version,
    bucket_id,
    size: httpMetadata.size,
    content_type: httpMetadata.mimetype,
    cache_control: httpMetadata.cacheControl,
    etag: httpMetadata.eTag,
    metadata: user_metadata ?? {},
    last_modified: httpMetadata.lastModified,
    created_at,
  });
}

function post(request: Request, path: string, body: unknown): Request {
  const headers = new Headers({ "content-type": "application/json" });
  for (const name of ["authorization", "apikey", "x-upsert"]) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Request(new URL(path, request.url), {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
}

const FOLDER = {
  id: null,
  updated_at: null,
  created_at: null,
  last_accessed_at: null,
  metadata: null,
};

/** Hosted lists one folder level, with names relative to it; lite lists everything below. */
async function listFolder(request: Request, bucket: string, call: Call): Promise<Answer> {
  const body: unknown = await request.json();
  const asked = isRecord(body) ? body : {};
  const prefix = text(asked.prefix) ? text(asked.prefix).replace(/\/*$/, "/") : "";
  const all = await call(
    post(request, `/storage/v1/object/list/${bucket}`, {
      prefix,
      limit: 10_000,
      offset: 0,
      sortBy: { column: "name", order: "asc" },
    }),
  );
  if (all.status !== 200) return all;
  const entries = new Map<string, Record<string, unknown>>();
  const objects: unknown[] = JSON.parse(all.body.toString("utf8"));
  for (const object of objects) {
    if (!isRecord(object) || !text(object.name).startsWith(prefix)) continue;
    const [name = "", ...deeper] = text(object.name).slice(prefix.length).split("/");
    if (asked.search && !name.toLowerCase().startsWith(text(asked.search).toLowerCase())) continue;
    if (!entries.has(name))
      entries.set(name, deeper.length > 0 ? { name, ...FOLDER } : { ...entryOf(object), name });
  }
  const sortBy = isRecord(asked.sortBy) ? asked.sortBy : {};
  const column = text(sortBy.column) || "name";
  const direction = sortBy.order === "desc" ? -1 : 1;
  const offset = Number(asked.offset ?? 0);
  const sorted = [...entries.values()].toSorted(
    (a, b) => direction * text(a[column]).localeCompare(text(b[column])),
  );
  return json(200, sorted.slice(offset, offset + Number(asked.limit ?? 100)));
}

function entryOf(object: Record<string, unknown>) {
  const { id, updated_at, created_at, last_accessed_at, metadata } = object;
  return { id, updated_at, created_at, last_accessed_at, metadata };
}

/** supabase-js expects `signedURL` below /storage/v1, for one object or for a list. */
async function sign(
  request: Request,
  bucket: string,
  key: string | undefined,
  call: Call,
): Promise<Answer> {
  const body: unknown = await request.json();
  const asked = isRecord(body) ? body : {};
  const one = async (path: string) => {
    const answer = await call(
      post(request, `/storage/v1/object/sign/${bucket}/${path}`, { expiresIn: asked.expiresIn }),
    );
    const told = readJson(answer) ?? {};
    if (answer.status !== 200) return { answer, signedURL: null };
    return { answer, signedURL: belowStorage(text(told.signedUrl ?? told.signedURL)) };
  };
  if (key) {
    const { answer, signedURL } = await one(key);
    return signedURL ? json(200, { signedURL }) : answer;
  }
  const results = [];
  for (const path of Array.isArray(asked.paths) ? asked.paths.map(text) : []) {
    const { signedURL } = await one(path.split("/").map(encodeURIComponent).join("/"));
    const error = "Either the object does not exist or you do not have access to it";
    results.push({ path, signedURL, error: signedURL ? null : error });
  }
  return json(200, results);
}

async function signUpload(request: Request, call: Call): Promise<Answer> {
  const answer = await call(request);
  const told = readJson(answer);
  if (answer.status !== 200 || !told) return answer;
  return json(200, { url: belowStorage(text(told.signedUrl ?? told.url)), token: told.token });
}

/** supabase-js sends a Blob as a form whose file has no name; lite wants the bytes alone. */
async function rawUpload(request: Request): Promise<Request> {
  if (!request.headers.get("content-type")?.startsWith("multipart/form-data")) return request;
  const form = await request.formData();
  const file = [...form.values()].find((value) => typeof value !== "string");
  if (!file) return request;
  const bytes = Buffer.from(await file.arrayBuffer());
  const headers = new Headers(request.headers);
  headers.set("content-type", file.type || "application/octet-stream");
  headers.set("content-length", String(bytes.length));
  const cacheControl = form.get("cacheControl");
  if (typeof cacheControl === "string") headers.set("cache-control", `max-age=${cacheControl}`);
  const metadata = form.get("metadata");
  if (typeof metadata === "string")
    headers.set("x-metadata", Buffer.from(metadata).toString("base64"));
  return new Request(request.url, { method: request.method, headers, body: bytes });
}

/** Players seek in a recording with Range requests, which lite ignores. */
function cutRange(request: Request, answer: Answer): Answer {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!range || answer.status !== 200 || request.method !== "GET") return answer;
  const size = answer.body.length;
  const first = Number(range[1]);
  const last = range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (first >= size)
    return { status: 416, headers: { "content-range": `bytes */${size}` }, body: Buffer.alloc(0) };
  return {
    status: 206,
    headers: {
      ...answer.headers,
      "accept-ranges": "bytes",
      "content-range": `bytes ${first}-${last}/${size}`,
      "content-length": String(last - first + 1),
    },
    body: answer.body.subarray(first, last + 1),
  };
}

function belowStorage(url: string): string {
  return url.replace(/^\/storage\/v1/, "");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
