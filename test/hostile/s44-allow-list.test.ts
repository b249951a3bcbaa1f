import { describe, expect, test } from "vitest";
import { type Limits, loads } from "../support/grantable.ts";

describe("S-44: a role that no list holds", () => {
  test("is refused: unknown, renamed, or the same in another case of letters", () => {
    const l: Limits = { cloud: ["member", "reader"], ceiling: ["member", "reader"], reviewed: [], ops: "reader" };
    expect(loads(["member"], l)).toBe(true);
    for (const role of ["Member", "MEMBER", "members", "superuser", "admin", "ADMIN"])
      expect(loads([role], l), role).toBe(false);
    // Keystone on MySQL would take it for admin, so listing it in another case reviews nothing by accident.
    expect(loads(["Admin"], { ...l, cloud: ["Admin"], ceiling: ["Admin", "manager"] })).toBe(false);
  });
});
