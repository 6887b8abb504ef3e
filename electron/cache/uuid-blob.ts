/** A UUID as its 16 bytes: 20 bytes less than text, in every row of a million. */
export const uuidToBlob = (id: string): Buffer => Buffer.from(id.replaceAll("-", ""), "hex");

export function blobToUuid(blob: Buffer): string {
  const hex = blob.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
