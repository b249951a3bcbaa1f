import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAudit, openAuditFile } from "../../../src/audit/index.ts";
import { runCli } from "../../../src/cli/index.ts";
import {
  type IdentityProviderAlias,
  instant,
  makeSeal,
  manualClock,
  type Person,
  Secret,
  type SubjectId,
  seconds,
  systemRandom,
  type TenantName,
} from "../../../src/core/index.ts";
import { rememberInTenant } from "../../../src/issuer/logins/tenant-people.ts";
import type { BrokerState } from "../../../src/operations/index.ts";
import { loadPolicy } from "../../../src/policy/index.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// What an operator asks after: who an id is, and when something happened. The store stands in for a shared one.

const key = "m".repeat(48);
const clock = manualClock(instant(1_795_995_200)); // 2026-11-29T23:33:20Z
const seal = makeSeal(new Secret(key), systemRandom);
const store = createMemoryStore({ clock, random: systemRandom });
const [ann, bob] = [`p-${"a".repeat(40)}`, `p-${"b".repeat(40)}`];
const targets = (console: string) => `kind: Targets
${console}
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member]}}
tenants:
  acme: {upstreams: [acme-idp], domains: {gx1: acme}, ceiling: {openstack: [member]}}
  beta: {upstreams: [beta-idp], domains: {gx1: beta}, ceiling: {openstack: [member]}}
  gamma: {upstreams: [gamma-idp], domains: {gx1: gamma}, ceiling: {openstack: [member]}}
`;
const withConsole = "console: {roles: [tenant-manager]}";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-who-"));
  await mkdir(join(folder, "policies"));
  await writeFile(join(folder, "policies/targets.yaml"), targets(withConsole));
  await writeFile(
    join(folder, "broker.yaml"),
    `issuer: https://login.example
masterKey: {env: KEY}
keys: {store: true}
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
store: {kind: redis, url: {env: REDIS}}
audit: {file: audit.jsonl}
`,
  );
  const loaded = loadPolicy([{ file: "targets.yaml", text: targets(withConsole) }]);
  if (!loaded.ok) throw new Error("the policy does not load");
  const deps = { store, seal, clock, policy: loaded.value, times: { knownPerson: seconds(86_400) } };
  const person = (sub: string, name: string, tenant: string): Person =>
    ({
      ...{
        sub: sub as SubjectId,
        tenant: tenant as TenantName,
        identityProvider: `${tenant}-idp` as IdentityProviderAlias,
      },
      ...{
        realmSubject: `kc-${name}`,
        preferredUsername: name.toLowerCase(),
        name,
        email: `${name}@${tenant}.example`,
      },
      ...{ claims: {}, amr: [] },
    }) as unknown as Person;
  await rememberInTenant(deps, person(ann, "Ann\u202e", "acme"));
  await writeLines(join(folder, "audit.jsonl"), [
    ["login.succeeded", { sub: ann, tenant: "acme", address: "192.0.2.1" }],
  ]);
  clock.advance(seconds(3600));
  await rememberInTenant(deps, person(bob, "Bob", "beta"));
  await writeLines(join(folder, "audit.operator.jsonl"), [["people.revoked", { sub: bob, detail: "left" }]]);
});
afterAll(() => rm(folder, { recursive: true }));

async function writeLines(path: string, events: readonly (readonly [string, Record<string, string>])[]): Promise<void> {
  const file = openAuditFile(path, { seal, clock, writtenBy: "a test" });
  const audit = createAudit(clock, file.sink, () => file.check());
  for (const [event, fields] of events) audit.record(event as "login.succeeded", fields);
  file.close();
}

async function cli(command: string, columns?: number) {
  const terminal = fakeTerminal(
    { HOME: folder, KEY: key, REDIS: "redis://127.0.0.1:9" },
    { clock, tty: columns !== undefined },
  );
  Object.assign(terminal.stderr, { columns });
  const code = await runCli([...command.split(" "), "--config", join(folder, "broker.yaml")], {
    version: "0.0.0",
    serve: async () => 0,
    withBrokerState: (config, _deps, work) =>
      work({ config, clock, seal, store: async () => store } as unknown as BrokerState),
    terminal,
  });
  return { code, out: terminal.out(), err: terminal.err() };
}

describe("cloudpass people list", () => {
  test("says names beside the ids that other commands take, who came last first", async () => {
    const { out } = await cli("people list");
    expect(out.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
      "NAME USER TENANT FROM LAST LOGIN ID",
      `Bob bob beta beta-idp 2026-11-30 00:33 ${bob}`,
      `Ann\ufffd ann\ufffd acme acme-idp 2026-11-29 23:33 ${ann}`,
      "",
    ]);
  });

  test("of one tenant, for programs", async () => {
    const { people } = JSON.parse((await cli("people list --tenant beta -o json")).out) as { people: object[] };
    expect(people).toEqual([
      {
        ...{ sub: bob, tenant: "beta", username: "bob", name: "Bob", email: "Bob@beta.example" },
        ...{ identity_provider: "beta-idp", last_login: "2026-11-30T00:33:20Z" },
      },
    ]);
  });

  test("of a tenant that is none it says which there are", async () => {
    expect(await cli("people list --tenant delta")).toMatchObject({
      code: 1,
      err: expect.stringContaining("acme, beta, gamma"),
    });
  });

  test("where nobody is known it says why, and what to do", async () => {
    expect((await cli("people list --tenant gamma")).err).toBe("Nobody logged in lately.\n");
    await writeFile(join(folder, "policies/targets.yaml"), targets(""));
    const { code, out, err } = await cli("people list --tenant gamma");
    await writeFile(join(folder, "policies/targets.yaml"), targets(withConsole));
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toMatch(/the policy has no console[\s\S]*add to the Targets: console: /);
  });
});

describe("cloudpass audit show", () => {
  test("has the broker's and the operators' entries in the order of their times, with dates and names", async () => {
    const { out } = await cli("audit show");
    const lines = out
      .trimEnd()
      .split("\n")
      .filter((line) => !line.includes("chain."));
    expect(lines).toEqual([
      `2026-11-29 23:33:20  login.succeeded  sub ann\ufffd (${ann}), tenant acme, address 192.0.2.1`,
      `2026-11-30 00:33:20  people.revoked  sub bob (${bob}), because left`,
    ]);
  });

  test.each<[string, string[]]>([
    ["--event login", ["login.succeeded"]],
    ["--event people.revoked login", ["login.succeeded", "people.revoked"]],
    [`--about ${bob}`, ["people.revoked"]],
    ["--about acme", ["login.succeeded"]],
    ["--since 30m --event login people", ["people.revoked"]],
    ["--until 2026-11-30 --event login people", ["login.succeeded"]],
    ["--since 2026-12-24", []],
  ])("shows what is asked for: %s", async (flags, events) => {
    const { entries } = JSON.parse((await cli(`audit show ${flags} -o json`)).out) as { entries: { event: string }[] };
    expect(entries.map(({ event }) => event)).toEqual(events);
  });

  test("shows the newest, and says how many there are besides and how to see them", async () => {
    const { out, err } = await cli("audit show --limit 1");
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    const all = /: (--limit \d+) shows all/.exec(err)?.[1];
    expect((await cli(`audit show ${all}`)).err).toBe("");
  });

  test("fits a narrow terminal", async () => {
    const { out } = await cli("audit show --event login", 60);
    expect(out).toMatch(/^2026-11-29 23:33:20 {2}login\.succeeded\n {4}sub ann/);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  test("marks an entry that somebody changed", async () => {
    const path = join(folder, "changed.jsonl");
    const whole = await readFile(join(folder, "audit.operator.jsonl"), "latin1");
    await writeFile(path, whole.replace('"left"', '"bored"'));
    expect((await cli(`audit show ${path} --event people`)).out).toContain("! people.revoked  sub bob");
  });

  test.each(["--since tomorrow", "--limit 0"])("refuses %s", async (flags) => {
    expect((await cli(`audit show ${flags}`)).code).toBe(1);
  });
});
