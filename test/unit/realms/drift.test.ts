import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { type Drift, formatDrift } from "../../../src/realms/index.ts";
import { drift, step } from "./drift-kit.ts";

const change = {
  at: instant(1_800_000_000),
  operation: "update",
  user: "mallory",
  client: "security-admin-console",
  address: "192.0.2.7",
  ourAccount: false,
} as const;

describe("drift", () => {
  it("says who changed what, from where and when; of an account that we use too, that it may be somebody by hand", () => {
    const client = step("client", "wiki");
    const idp = step("identity-provider", "a");
    const gone = step("organization", "b", "create");
    const said = formatDrift(
      drift([
        { step: client, last: { kind: "client", key: "wiki", ...change } },
        { step: idp, last: { kind: "identity-provider", key: "a", ...change, ourAccount: true } },
        { step: gone, last: { kind: "organization", key: "b", ...change, operation: "delete" } },
        { step: step("group", "/staff") },
        { step: step("group", "/new", "create") },
      ]),
    );
    expect(said.slice(said.indexOf("last changes"))).toBe(
      [
        "last changes:",
        "  client wiki: changed by mallory through security-admin-console from 192.0.2.7, 2027-01-15T08:00:00Z",
        "  identity-provider a: changed by mallory through security-admin-console from 192.0.2.7, 2027-01-15T08:00:00Z: the account that cloudpass uses, too, so an apply or somebody by hand",
        "  organization b: deleted by mallory through security-admin-console from 192.0.2.7, 2027-01-15T08:00:00Z",
        "  group /staff: Keycloak has no record of a change: it is older, or the file has changed since",
        "  group /new: Keycloak has no record of it",
      ].join("\n"),
    );
  });

  it("says who applied the files last, and whether it was these", () => {
    const changed = drift([{ step: step("client", "wiki") }]);
    const last = { by: "ann at desk", at: instant(1_800_000_000), did: "applied", digest: "d" } as const;
    const said = (lastApply: Drift["lastApply"]) =>
      formatDrift({ ...changed, ...(lastApply && { lastApply }) })
        .split("\n")
        .at(-1);
    expect(said(last)).toBe("last applied by ann at desk, 2027-01-15T08:00:00Z, from these very files");
    expect(said({ ...last, digest: "e" })).toMatch(/, from other files: they have changed since$/);
    expect(said({ ...last, did: "removed" })).toBe("what is ours was taken out by ann at desk, 2027-01-15T08:00:00Z");
    expect(said(undefined)).toContain("client wiki");
  });

  it("an object with two steps is told once", () => {
    const twice = drift([{ step: step("client", "wiki") }, { step: step("client", "wiki") }]);
    expect(formatDrift(twice).match(/client wiki: Keycloak/g)).toHaveLength(1);
  });

  it("a name that an administrator gave cannot rewrite the terminal", () => {
    const evil = { kind: "client", key: "wiki", ...change, user: "x\u001b[2J\u202e" };
    expect(formatDrift(drift([{ step: step("client", "wiki"), last: evil }]))).not.toMatch(/\p{Cf}|\p{Cc}(?<!\n)/u);
  });

  it("says so when there is none", () => {
    expect(formatDrift(drift([]))).toBe("realm scs: as the file says");
  });
});
