import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAuditFile } from "../../../src/audit/index.ts";
import { runCli } from "../../../src/cli/index.ts";
import { makeSeal, Secret, systemClock, systemRandom } from "../../../src/core/index.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// The operators' commands on a broker's own state, as main.ts puts them together; nothing runs beside them.

let folder: string;
const env = { MASTER_KEY: "m".repeat(48) };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-operate-"));
  await writeFile(
    join(folder, "broker.yaml"),
    `issuer: https://login.example
masterKey: {env: MASTER_KEY}
keys: keys.json
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
audit: {file: audit.jsonl}
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function cli(argv: string, typed?: string) {
  const terminal = fakeTerminal(env, { tty: typed !== undefined });
  if (typed !== undefined) (terminal.stdin as unknown as NodeJS.WritableStream).end(`${typed}\n`);
  const exitCode = await runCli([...argv.split(" "), "--config", join(folder, "broker.yaml")], {
    version: "0.0.0",
    serve: async () => 1,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}
const rows = async () =>
  JSON.parse((await cli("keys list -o json")).out) as { kid: string; use: string; status: string }[];
const brief = async () => (await rows()).map((k) => `${k.use} ${k.status}`);
const told = async () =>
  (await readFile(join(folder, "audit.operator.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((l) => JSON.parse(l) as Record<string, unknown>);

describe("cloudpass keys", () => {
  test("nothing works without keys, and says how to make them", async () => {
    const { exitCode, err } = await cli("keys rotate");
    expect(exitCode).toBe(1);
    expect(err).toContain("cloudpass keys create");
  });

  test("create makes them once", async () => {
    expect((await cli("keys create")).exitCode).toBe(0);
    expect((await cli("keys create")).err).toContain("is there one already?");
    expect(await brief()).toEqual(["token active", "client active"]);
  });

  test("list shows what each key does, and never a private part", async () => {
    const { out } = await cli("keys list");
    expect(out.split("\n")[0]).toMatch(/^KEY +USE +MADE +NOW$/);
    expect(out).toMatch(/token +\S+Z +signs since \S+Z/);
    const { d } = (JSON.parse(await readFile(join(folder, "keys.json"), "utf8")) as { keys: { jwk: { d: string } }[] })
      .keys[0]?.jwk ?? { d: "?" };
    expect(out + (await cli("keys list -o json")).out).not.toContain(d);
  });

  test("rotate says what happens when; a second one says that it is under way", async () => {
    const first = await cli("keys rotate --use token");
    expect(first.out).toMatch(/The new token key \S+ is published\./);
    expect(first.out).toContain("16 min");
    expect(first.out).toContain("Nobody has to do anything");
    const again = await cli("keys rotate --use token");
    expect(again.exitCode).toBe(0);
    expect(again.out).toContain("are being rotated already");
    expect(await brief()).toEqual(["token active", "token next", "client active"]);
  });

  test("retire takes a rotation back, and refuses the key that signs", async () => {
    const [active, next] = (await rows()).map((k) => k.kid);
    const refused = await cli(`keys retire ${active}`);
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain("keys rotate");
    expect((await cli("keys retire nowhere")).err).toContain("no key starts with");
    expect((await cli(`keys retire ${next?.slice(0, 12)}`)).out).toContain("taken back");
    expect(await brief()).toEqual(["token active", "client active"]);
  });

  test("emergency names what becomes invalid first, and is not done without the typed word", async () => {
    const before = await rows();
    const alone = await cli("keys emergency");
    expect(alone.exitCode).toBe(1);
    expect(alone.err).toContain(`token key ${before[0]?.kid}`);
    expect(alone.err).toContain("every access and ID token");
    expect(alone.err).toContain("kube-apiserver keeps a key until");
    expect(alone.err).toContain("OIDCJWKSRefreshInterval");
    expect(alone.err).toContain("give --yes");
    expect((await cli("keys emergency", "yes")).err).toContain("not confirmed");
    expect(await rows()).toEqual(before);
    const done = await cli("keys emergency --use token", "emergency");
    expect(done.exitCode).toBe(0);
    const after = await rows();
    expect(after.map((k) => `${k.use} ${k.status}`)).toEqual(["token active", "client active"]);
    expect(after[0]?.kid).not.toBe(before[0]?.kid);
    expect(after[1]?.kid).toBe(before[1]?.kid);
    expect((await cli("keys emergency --yes -o json")).exitCode).toBe(0);
  });

  test("export makes a private copy, import brings it back", async () => {
    const copy = join(folder, "copy.json");
    const before = await rows();
    expect((await cli(`keys export ${copy}`)).exitCode).toBe(0);
    expect((await stat(copy)).mode & 0o777).toBe(0o600);
    expect((await cli(`keys export ${copy}`)).exitCode).toBe(1);
    await cli("keys emergency --yes");
    expect(await rows()).not.toEqual(before);
    await rm(join(folder, "keys.json"));
    expect((await cli("keys list")).exitCode).toBe(1);
    expect((await cli(`keys import ${copy}`)).err).toContain("give --yes");
    expect((await cli(`keys import ${copy} --yes`)).exitCode).toBe(0);
    expect(await rows()).toEqual(before);
  });

  test("every change is in the operators' audit, each in an entry of its own", async () => {
    const events = (await told()).map((e) => e["event"]);
    expect(events).toEqual(
      expect.arrayContaining(["keys.created", "keys.rotated", "keys.retired", "keys.replaced", "chain.resumed"]),
    );
    expect((await told()).find((e) => e["event"] === "keys.replaced")?.["dropped"]).toHaveLength(1);
  });
});

describe("cloudpass audit verify", () => {
  test("says that a chain is whole, by itself and by a head from the log", async () => {
    const { exitCode, out } = await cli("audit verify");
    expect(exitCode).toBe(0);
    expect(out).toContain("audit.operator.jsonl: whole");
    const [verdict] = JSON.parse((await cli("audit verify -o json")).out) as { head: string }[];
    expect((await cli(`audit verify --head ${verdict?.head}`)).exitCode).toBe(0);
    const [seq] = verdict?.head.split(":") ?? [];
    const unknown = `${Number(seq) + 1}:${"x".repeat(43)}`;
    const later = await cli(`audit verify ${join(folder, "audit.operator.jsonl")} --head ${unknown}`);
    expect(later.exitCode).toBe(1);
    expect(later.out).toContain("missing at the end");
    expect((await cli("audit verify --head nonsense")).err).toContain("is not a head");
  });

  test("a head is compared with its own chain, and one that nobody knows with the broker's, in whose log heads are", async () => {
    const path = join(folder, "audit.jsonl");
    const unknown = `--head 7:${"x".repeat(43)}`;
    const gone = await cli(`audit verify ${unknown}`);
    expect(gone.exitCode).toBe(1);
    expect(gone.out).toMatch(
      /audit\.operator\.jsonl: whole[\s\S]*audit\.jsonl: BROKEN[\s\S]*is gone: entries 1 to 7 are missing/,
    );
    const seal = makeSeal(new Secret(env.MASTER_KEY), systemRandom);
    const broker = openAuditFile(path, { seal, clock: systemClock, writtenBy: "broker" });
    const { seq, hash } = broker.head();
    broker.close();
    const both = await cli(`audit verify --head ${seq}:${hash}`);
    expect(both).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/audit\.jsonl: whole[\s\S]*operator\.jsonl: whole/),
    });
    const [, operators] = JSON.parse((await cli("audit verify -o json")).out) as { head: string }[];
    expect((await cli(`audit verify --head ${seq}:${hash} ${operators?.head}`)).exitCode).toBe(0);
    const cut = await cli(`audit verify ${unknown}`);
    expect(cut.out).toMatch(
      /audit\.jsonl: BROKEN[\s\S]*entries 3 to 7 are missing at the end[\s\S]*operator\.jsonl: whole/,
    );
    await Promise.all([path, `${path}.head`, `${path}.lock`].map((file) => rm(file)));
  });

  test("names the first entry that is wrong, with exit code 1; and no change is made while the file is", async () => {
    const path = join(folder, "audit.operator.jsonl");
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.replace("an operator's command", "somebody else"));
    const broken = await cli(`audit verify ${path}`);
    expect(broken.exitCode).toBe(1);
    expect(broken.out).toMatch(/BROKEN after 3 good entries\n {2}\S+, line 4 was changed/);
    await writeFile(path, whole);
    await appendFile(path, "garbage\n");
    const before = await brief();
    expect((await cli("keys rotate")).err).toContain("keep it as evidence");
    await writeFile(path, whole);
    expect(await brief()).toEqual(before);
  });

  test("says when there is nothing to verify", async () => {
    expect((await cli(`audit verify ${join(folder, "nowhere")}`)).exitCode).toBe(1);
  });
});

test("people revoke on a memory store says that only the running broker could, and what to do", async () => {
  const { exitCode, err } = await cli("people revoke upstream:customer-a-idp/alice --yes");
  expect(exitCode).toBe(1);
  expect(err).toContain("keeps its state in memory");
  expect(err).toContain("restart the broker");
  expect((await cli("people ledger")).err).toContain("keeps its state in memory");
});
