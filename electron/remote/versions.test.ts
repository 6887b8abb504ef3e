import { describe, expect, it } from "vitest";
import { findVersionFault, CLIENT_VERSION, SCHEMA_VERSION } from "./versions.ts";

describe("versions", () => {
  it.each([
    [{ schema_version: SCHEMA_VERSION }, null],
    [{ schema_version: SCHEMA_VERSION + 1, min_client: CLIENT_VERSION }, null],
    [{ schema_version: SCHEMA_VERSION, min_client: String(CLIENT_VERSION) }, null],
    [{ schema_version: SCHEMA_VERSION - 1 }, "tables_old"],
    [{ schema_version: SCHEMA_VERSION + 1, min_client: CLIENT_VERSION + 1 }, "app_old"],
  ])("%j → %s", (status, expected) => expect(findVersionFault(status)).toBe(expected));
});
