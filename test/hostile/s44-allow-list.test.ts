import { describe, expect, test } from "vitest";
import { type Limits, loads } from "../support/grantable.ts";

describe("S-44: a role that no list holds", () => {
  test("is refused where the cloud has it and the tenant's ceiling has not, by itself and among others", () => {
    const l: Limits = {
      cloud: ["manager", "member", "reader"],
      ceiling: ["member", "reader"],
      reviewed: [],
      ops: "reader",
    };
    expect(loads(["member", "reader"], l)).toBe(true);
    for (const asked of [["manager"], ["member", "manager"], ["manager", "reader"]])
      expect(loads(asked, l), asked.join()).toBe(false);
    // What the operator reviewed for the cloud is not given to every tenant.
    expect(loads(["admin"], { ...l, cloud: ["admin", "member"], reviewed: ["admin"] })).toBe(false);
    // Neither is a ceiling a list of what the cloud has.
    expect(loads(["manager"], { ...l, cloud: ["member"], ceiling: ["manager", "member"] })).toBe(false);
  });

  test("is refused where a role of the ceiling implies it", () => {
    const l: Limits = { cloud: ["ops", "member"], ceiling: ["ops", "member"], reviewed: [], ops: "manager" };
    expect(loads(["ops"], l)).toBe(false);
    expect(loads(["ops"], { ...l, ceiling: ["ops", "manager"] })).toBe(true);
  });

  test("is refused: unknown, renamed, or the same in another case of letters", () => {
    const l: Limits = { cloud: ["member", "reader"], ceiling: ["member", "reader"], reviewed: [], ops: "reader" };
    expect(loads(["member"], l)).toBe(true);
    for (const role of ["Member", "MEMBER", "members", "superuser", "admin", "ADMIN"])
      expect(loads([role], l), role).toBe(false);
    // Keystone on MySQL would take it for admin, so listing it in another case reviews nothing by accident.
    expect(loads(["Admin"], { ...l, cloud: ["Admin"], ceiling: ["Admin", "manager"] })).toBe(false);
  });
});
