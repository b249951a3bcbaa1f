import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/core/index.ts";
import {
  type BrokerFiles,
  followPolicyFiles,
  loadBroker,
  loadPolicyFiles,
  openIfThere,
  openOrMake,
  readPolicyPaths,
} from "../../../src/operations/index.ts";
import { policyInUse } from "../../../src/policy/index.ts";
import type { Repository } from "../../../src/repository/index.ts";

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const targets = `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member, reader]}}
tenants:
  acme: {upstreams: [acme-idp], domains: {gx1: acme}, projects: [dev], ceiling: {openstack: [member]}}
  other: {upstreams: [other-idp], domains: {gx1: other}, projects: [dev], ceiling: {openstack: [member]}}
`;
const tenantFile = (role = "member", tenant = "acme") => `kind: Policy
tenant: ${tenant}
sets: {dev: [{openstack: {role: ${role}, on: {project: dev}}}]}
people: {devs: {from: ${tenant}-idp, all: [{groups: {has: devs}}]}}
grants: [{id: dev, give: dev, to: devs, at: [gx1]}]
`;

/** A folder with a configuration whose tenants' files are in a repository beside it. */
async function broker(open: Parameters<typeof loadBroker>[1]["open"] = openOrMake(systemClock)) {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-policies-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "targets.yaml"), targets);
  writeFileSync(
    join(folder, "broker.yaml"),
    `issuer: http://127.0.0.1:9\nallowInsecureLoopback: true\nmasterKey: {env: KEY}\nkeys: keys.json\nupstream: {issuer: "http://127.0.0.1:9/r", allowInsecureLoopback: true}\npolicies: [targets.yaml]\npolicyRepository: {folder: policies.git}\n`,
  );
  const load = (how = open) =>
    loadBroker(join(folder, "broker.yaml"), { lookup: () => "k".repeat(48), clock: systemClock, open: how });
  return { folder, load, loaded: await load() };
}

async function running() {
  const { loaded, ...rest } = await broker();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  const { repository } = loaded.value;
  if (repository === undefined) throw new Error("no repository");
  ends.push(() => repository.close());
  const inUse = policyInUse(loaded.value.policy);
  return { ...rest, repository, inUse, files: followPolicyFiles({ inUse, files: loaded.value }) };
}

const saved = async (repository: Repository, file: string, text: string | undefined) => {
  const done = await repository.save({
    from: await repository.head(),
    author: { name: "Ann", email: "ann@acme.example" },
    subject: "a change",
    edit: () => ({ ok: true, value: new Map([[file, text]]) }),
  });
  if (!done.ok) throw new Error(JSON.stringify(done.refusal));
  return done.value.commit;
};
const grantsOf = ({ inUse }: { inUse: { current(): BrokerFiles["policy"] } }) =>
  [...inUse.current().rules.values()].flatMap(({ grants }) =>
    grants.map(({ id, tenant, source }) => [tenant, id, source.file]),
  );

describe("tenants' files in a repository", () => {
  it("make it at the first start, and are part of the policy from then on", async () => {
    const { repository, files, inUse, load } = await running();
    expect(grantsOf({ inUse })).toEqual([]);
    const commit = await saved(repository, "acme/policy.yaml", tenantFile());
    await files.take();
    expect(grantsOf({ inUse })).toEqual([["acme", "dev", "acme/policy.yaml"]]);
    expect(files.commit()).toBe(commit);
    const again = await load(openIfThere(systemClock));
    if (!again.ok) throw new Error(JSON.stringify(again.refusal));
    await again.value.repository?.close();
    expect(again.value.policy.digest).toBe(inUse.current().digest);
  });

  it("are told to whoever listens, once a change", async () => {
    const { repository, files } = await running();
    const told: string[] = [];
    files.onChange((before) => told.push(before));
    await files.look();
    await saved(repository, "acme/policy.yaml", tenantFile());
    await files.take();
    await files.take();
    await saved(repository, "acme/policy.yaml", `# a remark\n${tenantFile()}`);
    await files.take();
    expect(told).toHaveLength(1);
  });

  it.each([
    ["a role above the ceiling", "acme/policy.yaml", tenantFile("reader"), "above the ceiling of acme"],
    [
      "a policy of another tenant",
      "acme/policy.yaml",
      tenantFile("member", "other"),
      "this file is acme's by its name",
    ],
    ["what only an operator may say", "acme/policy.yaml", targets, "this file is acme's"],
    ["half a file", "acme/policy.yaml", "kind: Policy\ntenant: [", "acme/policy.yaml"],
  ])("with %s change nothing, and every problem is answered", async (_, file, text, message) => {
    const { repository, files, inUse } = await running();
    await saved(repository, "other/policy.yaml", tenantFile("member", "other"));
    await files.take();
    await saved(repository, file, text);
    const taken = await files.take();
    expect(taken.ok).toBe(false);
    expect(JSON.stringify(taken)).toContain(message);
    expect(await files.take()).toMatchObject({ ok: true });
    expect(grantsOf({ inUse })).toEqual([["other", "dev", "other/policy.yaml"]]);
    await saved(repository, file, undefined);
    expect((await files.take()).ok).toBe(true);
  });

  it("can be tried before they are saved", async () => {
    const { repository, files, inUse } = await running();
    const head = await repository.head();
    const good = await files.wouldBe(new Map([["acme/policy.yaml", tenantFile()]]), "acme");
    expect(good.ok && [...good.value.rules.keys()]).toEqual(["acme"]);
    const bad = await files.wouldBe(new Map([["acme/policy.yaml", tenantFile("reader")]]), "acme");
    expect(bad.ok ? [] : bad.refusal.map(({ file }) => file)).toContain("acme/policy.yaml");
    expect([await repository.head(), grantsOf({ inUse })]).toEqual([head, []]);
  });
});

describe("a tenant whose files do not hold", () => {
  const broken = "kind: Policy\ntenant: [";
  const more = `${tenantFile("member", "other").trimEnd()}\ntests: []\n`.replace("id: dev,", "id: more,");

  it("stays as it was, and keeps no other tenant from changing", async () => {
    const { repository, files, inUse } = await running();
    await saved(repository, "acme/policy.yaml", tenantFile());
    await saved(repository, "other/policy.yaml", tenantFile("member", "other"));
    await files.take();
    await saved(repository, "acme/policy.yaml", tenantFile("reader"));
    await saved(repository, "acme/policy.yaml", broken);
    const tried = await files.wouldBe(new Map([["other/policy.yaml", more]]), "other");
    expect(tried.ok && [...tried.value.rules.keys()].sort()).toEqual(["acme", "other"]);
    const commit = await saved(repository, "other/policy.yaml", more);
    expect(await files.take()).toMatchObject({ ok: false, refusal: [{ file: "acme/policy.yaml" }] });
    expect(
      grantsOf({ inUse })
        .map(([tenant, id]) => `${tenant} ${id}`)
        .sort(),
    ).toEqual(["acme dev", "other more"]);
    expect(files.commit()).toBe(commit);
    // Whoever mends the files of that tenant is told what is wrong with them.
    expect((await files.wouldBe(new Map([["acme/policy.yaml", broken]]), "acme")).ok).toBe(false);
  });

  it("keeps the broker not from starting, which says what is wrong", async () => {
    const { repository, files, load, inUse } = await running();
    await saved(repository, "acme/policy.yaml", tenantFile());
    await files.take();
    await saved(repository, "acme/policy.yaml", broken);
    const again = await load();
    if (!again.ok) throw new Error(JSON.stringify(again.refusal));
    await again.value.repository?.close();
    expect(again.value.policy.digest).toBe(inUse.current().digest);
    expect(again.value.warnings.map(({ file }) => file)).toContain("acme/policy.yaml");
  });

  it("does not help where the operator's files are wrong", async () => {
    const { folder, repository, files, load } = await running();
    await saved(repository, "acme/policy.yaml", tenantFile());
    writeFileSync(join(folder, "targets.yaml"), targets.replace("openstack: [member]", "openstack: [nothing]"));
    expect((await files.take()).ok).toBe(false);
    writeFileSync(join(folder, "targets.yaml"), `${targets}  third: {}\n`);
    expect((await load()).ok).toBe(false);
  });
});

describe("what a remote has", () => {
  /** What is judged of files that a remote has besides those that are here. */
  async function judged(there: Record<string, string>) {
    const { repository, files, folder } = await running();
    await saved(repository, "acme/policy.yaml", tenantFile());
    await saved(repository, "other/policy.yaml", tenantFile("member", "other"));
    const before = await repository.filesAt(await repository.head());
    const texts = new Map(before.files.map(({ file, text }) => [file, text]));
    for (const [file, text] of Object.entries(there)) texts.set(file, text);
    const after = { files: [...texts].map(([file, text]) => ({ file, text })), problems: [] };
    const verdict = async () => {
      const { unsound, problems } = await files.vet(before, after);
      return [[...unsound].sort(), problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)];
    };
    return { verdict, folder };
  }
  const failing = `${tenantFile()}tests: [{name: nobody, as: {upstream: acme-idp, claims: {sub: s, groups: [devs]}}, expect: {excludes: [gx1 project acme/dev member]}}]\n`;

  it.each([
    ["half a file", "kind: Policy\ntenant: [", /^acme\/policy\.yaml:2: /],
    ["a test that fails", failing, /^acme\/policy\.yaml:6: test "nobody"/],
    ["a role above the ceiling", tenantFile("reader"), /^acme\/policy\.yaml:3: .*above the ceiling of acme/],
    ["what only an operator may say", targets, /^acme\/policy\.yaml:1: this file is acme's/],
  ])("with %s does not come in, and the file, the line and why are answered", async (_, text, why) => {
    const other = tenantFile("member", "other").replace("id: dev", "id: more");
    const { verdict } = await judged({ "acme/policy.yaml": text, "other/policy.yaml": other });
    const [unsound, problems] = await verdict();
    expect([unsound, problems?.[0]]).toEqual([["acme"], expect.stringMatching(why)]);
  });

  it("comes in when all of it holds, or what is wrong is not its doing", async () => {
    const { verdict, folder } = await judged({ "acme/policy.yaml": tenantFile().replace("id: dev", "id: more") });
    expect(await verdict()).toEqual([[], []]);
    writeFileSync(join(folder, "targets.yaml"), "kind: [");
    expect(await verdict()).toEqual([[], []]);
    writeFileSync(join(folder, "targets.yaml"), targets.replace("[other-idp]", "[acme-idp]"));
    expect(await verdict()).toEqual([[], []]);
  });

  it("does not come in where two files say the same, and each holds without the other", async () => {
    const { verdict } = await judged({ "acme/more.yaml": tenantFile() });
    expect((await verdict())[0]).toEqual(["acme"]);
  });
});

describe("an operator's command", () => {
  it("reads the tenants' files as the broker does, by the repository or by an environment file that names it", async () => {
    const { folder, repository, files, inUse } = await running();
    await saved(repository, "acme/policy.yaml", tenantFile());
    await files.take();
    const [own, bare] = [join(folder, "targets.yaml"), join(folder, "policies.git")];
    for (const [paths, named] of [
      [[own, bare], []],
      [[own], [bare]],
      [[own, bare], [bare]],
    ] as const) {
      const read = await readPolicyPaths(paths, named, systemClock);
      if (!read.ok) throw new Error(JSON.stringify(read.refusal));
      expect(loadPolicyFiles({ files: read.value }).digest).toBe(inUse.current().digest);
    }
    const missing = await readPolicyPaths([own], [join(folder, "not-made-yet.git")], systemClock);
    expect(missing.ok && missing.value.map(({ file }) => file)).toEqual([own]);
  });

  it("is not given an environment file that forgets them: the broker does not start with it", async () => {
    const { folder, load } = await broker();
    const start = async (environment: string) => {
      writeFileSync(join(folder, "environment.yaml"), `kind: Environment\nissuer: http://127.0.0.1:9\n${environment}`);
      const text = readFileSync(join(folder, "broker.yaml"), "utf8").replace(/^reconcile.*\n/m, "");
      writeFileSync(join(folder, "broker.yaml"), `${text}reconcile: {environment: environment.yaml}\n`);
      const loaded = await load();
      if (loaded.ok) await loaded.value.repository?.close();
      return loaded.ok ? [] : loaded.refusal.problems.map(({ path }) => path);
    };
    expect(await start("")).toEqual(["policyRepository.folder"]);
    expect(await start("policyRepository: elsewhere.git\n")).toEqual(["policyRepository.folder"]);
    expect(await start("policyRepository: policies.git\n")).toEqual([]);
  });
});

describe("a check of the configuration", () => {
  it("makes no repository", async () => {
    const { folder, loaded } = await broker(openIfThere(systemClock));
    expect(loaded.ok && loaded.value.repository).toBeUndefined();
    expect(() => readFileSync(join(folder, "policies.git", "HEAD"))).toThrow(/ENOENT/);
  });
});
