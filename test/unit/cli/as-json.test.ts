import { expect, test } from "vitest";
import { findingAsJson, loginAsJson, problemAsJson } from "../../../src/cli/operator/as-json.ts";

// What programs read since release 0.1.0: the same names, in the same order (decision 0061).

test("a problem of a file keeps the names of release 0.1.0", () => {
  const problem = { file: "a.yaml", line: 1, column: 2, path: "grants[0]", message: "is unknown", fix: "remove it" };
  expect(JSON.stringify(problemAsJson(problem))).toBe(
    '{"file":"a.yaml","line":1,"column":2,"path":"grants[0]","says":"is unknown","fix":"remove it"}',
  );
});

test("so does a finding about a server", () => {
  const finding = { level: "warn", about: "keys", message: "there are many", remedy: "publish fewer" } as const;
  expect(JSON.stringify(findingAsJson(finding))).toBe(
    '{"level":"warn","about":"keys","says":"there are many","remedy":"publish fewer"}',
  );
});

test("what is known of a login keeps the members of release 0.1.0, in their order", () => {
  const facts = {
    tenant: "customer-a",
    identityProvider: "a-idp",
    claims: {},
    amr: [],
    loginMethod: "device",
    client: "gx1",
    at: 7,
  };
  expect(JSON.stringify(loginAsJson(facts as never))).toBe(
    '{"tenant":"customer-a","upstream":"a-idp","claims":{},"amr":[],"flow":"device","client":"gx1","at":7}',
  );
});
