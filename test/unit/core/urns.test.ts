import { describe, expect, test } from "vitest";
import { type TenantName, targetOfUrn, targetUrn, tenantOfUrn, tenantUrn } from "../../../src/core/index.ts";

describe("URNs of targets and tenants", () => {
  test("what is written is read again", () => {
    expect(targetOfUrn(targetUrn("gx1"))).toBe("gx1");
    expect(tenantOfUrn(tenantUrn("customer-a" as TenantName))).toBe("customer-a");
  });

  test.each([
    "gx1",
    "urn:cloudpass:target:",
    "urn:cloudpass:target:GX1",
    "urn:cloudpass:target:gx1 ",
    "URN:cloudpass:target:gx1",
  ])("%s names no target", (resource) => expect(targetOfUrn(resource)).toBeUndefined());

  test("a tenant that is named in another way is shown as it stands", () => {
    expect(tenantOfUrn("customer-a")).toBe("customer-a");
  });
});
