import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AuditEntry, auditEvents, auditReference, createAudit } from "../../../src/audit/index.ts";
import { Fault, instant, manualClock } from "../../../src/core/index.ts";

const clock = manualClock(instant(1_800_000_000));

describe("the audit", () => {
  test("S-54: writes the listed fields and nothing else", () => {
    const entries: AuditEntry[] = [];
    const fields = { client: "gx1", authorization: "h", address: "::1", device_code: "CANARY", userCode: "CANARY" };
    createAudit(clock, (e) => entries.push(e)).record("device.started", fields);
    expect(entries).toEqual([
      { time: "2027-01-15T08:00:00Z", event: "device.started", client: "gx1", flow: "h", address: "::1" },
    ]);
  });

  test("S-68: throws when it cannot write: no audit, no privileged change", () => {
    const audit = createAudit(clock, () => {
      throw new Error("disk full");
    });
    expect(() => audit.record("device.denied", {})).toThrow(Fault);
  });

  test("has no event that could hold a secret", () => {
    const words = Object.values(auditEvents).flat().join(" ");
    expect(words).not.toMatch(/token|secret|verifier|cookie|password|device_?code|user_?code/i);
  });
});

test("the reference page of the events is current (npm run docs)", () => {
  const page = readFileSync(new URL("../../../docs/reference/audit-events.md", import.meta.url), "utf8");
  expect(page).toBe(auditReference());
});
