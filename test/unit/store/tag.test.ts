import { describe, expect, it } from "vitest";
import type { LoginId, SubjectId, TargetName, TenantName } from "../../../src/core/index.ts";
import type { LookingTag, Tag } from "../../../src/store/index.ts";
import { storedTag } from "../../../src/store/tag.ts";

const sub = "p-1" as SubjectId;
const texts: readonly [Tag | LookingTag, string][] = [
  [{ kind: "login", id: "uYx_-3" as LoginId }, "uYx_-3"],
  [{ kind: "person", sub }, "person:p-1"],
  [{ kind: "sign-in", realmGrant: "g" }, "grant:g"],
  [{ kind: "named", hash: "h" }, "named:h"],
  [{ kind: "realm-session", hash: "h" }, "realm-session:h"],
  [{ kind: "realm-subject", hash: "h" }, "realm-subject:h"],
  [{ kind: "known-people" }, "ledger:logins"],
  [{ kind: "tenant-people", tenant: "a" as TenantName }, "tenant-people:a"],
  [{ kind: "last-tokens", tenant: "a" as TenantName, target: "gx1" as TargetName }, "last-tokens:a:gx1"],
  [{ kind: "access-requests", tenant: "a" as TenantName }, "access-requests:a"],
  [{ kind: "access-requests-of", sub }, "access-requests-of:p-1"],
  [{ kind: "review-items", tenant: "a" as TenantName }, "review-items:a"],
  [{ kind: "provisioned-as", hash: "h" }, "provisioned-as:h"],
  [{ kind: "provisioned", what: "users", hash: "h" }, "provisioned:users:h"],
  [{ kind: "cloud-grants" }, "footholds"],
  [{ kind: "cloud-grants", sub }, "footholds:p-1"],
];

describe("a tag's text in the store", () => {
  it.each(texts)("%j is %s, as release 0.1.0 wrote it", (tag, text) => expect(storedTag(tag)).toBe(text));

  it("is another one for every other tag", () => {
    expect(new Set(texts.map(([tag]) => storedTag(tag))).size).toBe(texts.length);
  });
});
