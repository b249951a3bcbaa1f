import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/cli/screen.ts";
import { formatLoggedIn } from "../../../src/cli/user/login/format-logged-in.ts";
import type { Login } from "../../../src/cli/user/session/kept-login.ts";
import type { TargetList } from "../../../src/cli/user/session/targets.ts";
import { instant, manualClock } from "../../../src/core/index.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const now = instant(1_800_000_000);
const login: Login = {
  version: 1,
  issuer: "https://login.example",
  clientId: "cloudpass",
  refreshToken: "r",
  endsAt: now + 3_600,
  loggedInAt: now,
  person: {},
  access: {},
};
const right = (project: string) => ({
  role: "member",
  scope: { kind: "project" as const, domain: "customer-a", project },
});
const cloud = (...projects: readonly string[]) => ({
  name: "gx1",
  kind: "openstack" as const,
  auth_url: "https://api.gx1.example",
  identity_provider: "i",
  protocol: "p",
  entitlements: projects.map(right),
});
const cluster = {
  name: "prod1",
  kind: "kubernetes" as const,
  server: "https://prod1.example",
  entitlements: [{ role: "edit", scope: { kind: "namespace" as const, namespace: "customer-a-dev" } }],
};
const list = (more: Partial<TargetList> = {}): TargetList => ({
  tenant: "customer-a",
  expires_at: now + 43_200,
  targets: [cloud("dev", "prod"), cluster],
  ...more,
});
const shown = (of: TargetList | undefined, columns = 80, skew = 0) => {
  const terminal = fakeTerminal({}, { tty: true, clock: manualClock(now) });
  Object.assign(terminal.stderr, { columns });
  return formatLoggedIn(login, of, skew, terminal);
};

describe("what a login ends with", () => {
  it("is until when, and each right with its target", () => {
    expect(shown(list()).join("\n")).toBe(`Valid until 2027-01-15T20:00:00Z, for 12 h.

TARGET  KIND     RIGHT
gx1     cloud    member on project customer-a/dev
                 member on project customer-a/prod
prod1   cluster  edit on namespace customer-a-dev
`);
  });

  it("counts by this machine's clock", () => {
    expect(shown(list(), 80, 600)[0]).toBe("Valid until 2027-01-15T19:50:00Z, for 11 h 50 min.");
  });

  it.each([36, 44])("fits %i columns", (columns) => {
    const lines = shown(list(), columns).slice(1);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.join("\n")).toContain("gx1 (cloud)\n    member on project");
  });

  it("says how many more there are, and how many only another login carries", () => {
    const many = Array.from({ length: 20 }, (_, n) => `p${n}`);
    const withheld = [{ ...right("secret"), target: "gx1", flow: "device" as const }];
    const lines = shown(list({ targets: [cloud(...many)], withheld }));
    expect(lines).toContain("… and 8 more");
    expect(lines).toContain("Not with this login: 1 more");
    expect(shown(list({ targets: [] }))).toContain("No right on any target with this login.");
  });

  it("stands without rights where the broker does not tell them, and shows nothing that acts on a terminal", () => {
    expect(shown(undefined)).toEqual(["Valid until 2027-01-15T09:00:00Z, for 1 h."]);
    expect(shown(list({ targets: [cloud("a\u009b2J")] })).join("")).not.toContain("\u009b");
  });
});
