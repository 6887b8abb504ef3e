import { describe, expect, it } from "vitest";
import { findVersionFault, isOlder, SCHEMA_VERSION } from "./versions.ts";

describe("versions", () => {
  it.each([
    ["0.1.0", "0.1.0", false],
    ["0.1.0", "0.1.1", true],
    ["0.9.0", "0.10.0", true],
    ["1.0.0", "0.10.9", false],
    ["0.2.0-beta.1", "0.2.0", false],
    ["0.1.0", "1", true],
  ])("%s is older than %s: %s", (a, b, older) => expect(isOlder(a, b)).toBe(older));

  it.each([
    [{ schema_version: SCHEMA_VERSION }, null],
    [{ schema_version: SCHEMA_VERSION, min_client: "0.1.0" }, null],
    [{ schema_version: SCHEMA_VERSION + 1, min_client: "0.1.0" }, null],
    [{ schema_version: SCHEMA_VERSION - 1, min_client: "0.1.0" }, "tables_old"],
    [{ schema_version: SCHEMA_VERSION + 1, min_client: "0.2.0" }, "app_old"],
  ])("of app 0.1.0 and %j → %s", (status, expected) =>
    expect(findVersionFault(status, "0.1.0")).toBe(expected),
  );
});
