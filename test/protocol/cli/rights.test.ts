import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { systemClock } from "../../../src/core/index.ts";
import { boot } from "../../support/boot.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";
import { examples, mustLoad } from "../../unit/policy/kit.ts";

// Why somebody has what, and lacks what, in that person's own words; and nothing of anybody else.

const soon = new Date((systemClock.now() + 7_200) * 1000).toISOString().replace(/\.\d+/, "");
const policy = mustLoad(
  examples.map(({ file, text }) => ({
    file,
    text: text.replace(/tests:\n.*$/s, "").replace(
      "grants:\n",
      `grants:
  - { id: past, give: auditor, to: developers, at: [gx1], valid: { until: 2026-01-01 } }
  - { id: future, give: auditor, to: developers, at: [gx2], valid: { from: 2099-01-01 } }
  - { id: factor, give: auditor, to: developers, at: [prod1], require: { amr: [mfa] } }
  - { id: gold, give: auditor, to: developers, at: [prod1], require: { acr: [gold] } }
  - { id: week, give: auditor, to: developers, at: [gx1], valid: { until: ${soon} } }
`,
    ),
  })),
);
const people = demoPeople();
Object.assign(people["customer-a-idp"] ?? {}, {
  sue: { name: "Sue Sander", email: "sue@a.example", groups: ["developers", "suspended"], password: "sue" },
});
const broker = shared(() => boot({ policy, people: { ...people } }));
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-rights-"));
  for (const name of ["bob", "sue"]) await browserLogin(broker.issuer, join(home, name), `${name}@a.example`);
});
afterAll(() => rm(home, { recursive: true }));

async function run(words: readonly string[], columns?: number, person = "bob") {
  const folder = join(home, person);
  const terminal = fakeTerminal(
    { HOME: folder, XDG_STATE_HOME: join(folder, "state") },
    { tty: columns !== undefined },
  );
  Object.assign(terminal.stderr, { columns });
  const exitCode = await runCli(words, { version: "0.0.0", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

describe("cloudpass access", { timeout: 60_000 }, () => {
  it("lists each right with the grant that gives it and its end", async () => {
    const { exitCode, out } = await run(["access"]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^member on project customer-a\/dev of gx1$/m);
    expect(out).toMatch(
      /^edit on namespace customer-a-dev of prod1\n {4}grant dev gives developer \(customer-a\.yaml:\d+\)$/m,
    );
    expect(out).toMatch(/^ {4}grant week gives auditor \(customer-a\.yaml:\d+\), until 20\S+Z, in (1 h 59 min|2 h)/m);
  });

  it("says of what is meant for the person, and not given, which condition failed, in the person's words", async () => {
    const { out } = await run(["access"]);
    const lacking = out.slice(out.indexOf("Meant for you, and not given to this login:"));
    expect(lacking).toMatch(/ {6}it ended on 2026-01-01T00:00:00Z, \d+ d ago \(grant past gives auditor/);
    expect(lacking).toMatch(/ {6}it begins on 2099-01-01T00:00:00Z, in \d+ d \(grant future/);
    expect(lacking).toMatch(
      / {6}you signed in without a second factor \(grant factor .*\n {6}→ run: cloudpass login --fresh, and sign in with a second factor\n/,
    );
    expect(lacking).toMatch(/ {6}your sign-in was not of the class gold \(grant gold/);
  });

  it("says nothing of grants for other people", async () => {
    const { out } = await run(["access", "--output", "json"]);
    const { tenant, grants, requests } = JSON.parse(out);
    expect([tenant, requests]).toEqual(["customer-a", []]);
    expect(grants.map((grant: { grant: string }) => grant.grant).sort()).toEqual([
      "dev",
      "factor",
      "future",
      "gold",
      "past",
      "week",
    ]);
    expect(out).not.toMatch(/platform|suspended|auditors/);
    expect(grants.find((grant: { grant: string }) => grant.grant === "factor")).toMatchObject({
      given: false,
      failed: { condition: "authentication_method", missing: ["mfa"] },
    });
  });

  it("says that somebody is excluded, and not by what", async () => {
    const { out } = await run(["access", "--target", "gx2"], undefined, "sue");
    expect(out).toMatch(/^You have no right on gx2\.\n/);
    expect(out).toMatch(/ {6}your organization excludes you from it at present \(grant dev gives developer/);
    expect(out).not.toContain("suspended");
  });

  it("looks at one target only, fits 60 columns, and takes its name as a subcommand", async () => {
    const { out } = await run(["access", "rights", "--target", "gx2"], 60);
    expect(out).toContain("member on project d000001/dev of gx2\n");
    expect(out).not.toMatch(/gx1|prod1/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
    expect((await run(["access", "--target", "gx9"])).out).toBe("You have no right on gx9.\n");
  });
});

describe("cloudpass status", { timeout: 60_000 }, () => {
  it("says when it refreshes next, and what ends soon", async () => {
    const { out } = await run(["status"]);
    expect(out).toMatch(/^refresh {4}20\S+Z, in \d+ min.*, by itself$/m);
    expect(JSON.parse((await run(["status", "-o", "json"])).out).refresh_at).toBeGreaterThan(systemClock.now());
    expect(out).toMatch(/^ends soon {2}reader on projects-of customer-a of gx1 \(grant week\): 20\S+Z, in /m);
  });
});
