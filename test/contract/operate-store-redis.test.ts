import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/index.ts";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { type Booted, boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { claimsOf } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

// Two instances on one Redis with one key set, and the operators' commands beside them: all as separate as on two machines.

let folder: string;
let rig: RedisRig;
let one: Booted;
let two: Booted;
const env: Record<string, string> = { MASTER_KEY: "m".repeat(48) };
const shared =
  'store: {kind: redis, url: {env: REDIS_URL}}\nkeyRotation: {every: 30d}\naudit: {file: "audit-{host}.jsonl"}';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-operate-"));
  rig = await startRedis({ dir: join(folder, "redis"), appendfsync: "always" });
  env["REDIS_URL"] = rig.url;
}, 60_000);
afterAll(async () => {
  await Promise.all([one?.stop(), two?.stop()]);
  await rig.stop();
  await rm(folder, { recursive: true });
});

/** The command on another machine: a configuration of its own, which names the same store. */
async function cli(argv: string, upstream = "http://127.0.0.1:1") {
  await writeFile(
    join(folder, "broker.yaml"),
    `issuer: http://127.0.0.1:9
allowInsecureLoopback: true
masterKey: {env: MASTER_KEY}
keys: {store: true}
upstream: {issuer: "${upstream}", allowInsecureLoopback: true, timeout: 2s}
policies: [policies]
${shared}`,
  );
  const terminal = fakeTerminal(env);
  const exitCode = await runCli([...argv.split(" "), "--config", join(folder, "broker.yaml")], {
    version: "0.0.0",
    serve: async () => 1,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}
const start = () => boot({ keys: "{store: true}", yaml: shared, env });
const kids = async ({ issuer }: Booted) =>
  ((await (await fetch(`${issuer}/jwks`)).json()) as { keys: { kid: string }[] }).keys.map((k) => k.kid);

/** Instances look every five seconds. */
async function noticed(by: Booted, wanted: readonly string[]): Promise<number> {
  const began = Date.now();
  while (Date.now() - began < 9_000) {
    if (JSON.stringify(await kids(by)) === JSON.stringify(wanted)) return Date.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not noticed: ${await kids(by)} instead of ${wanted}`);
}

describe("one key set in the store", () => {
  test("is not made by a broker; `keys create` makes it once", async () => {
    await expect(start()).rejects.toThrow(/shared key set/);
    expect((await cli("keys create")).exitCode).toBe(0);
    expect((await cli("keys create")).err).toContain("there is one already");
  });

  test("is the same for every instance, and a rotation reaches all within seconds, without a restart", async () => {
    [one, two] = await Promise.all([start(), start()]);
    const [old = ""] = await kids(one);
    expect(await kids(two)).toEqual([old]);
    const { made } = JSON.parse((await cli("keys rotate --use token -o json")).out) as { made: { kid: string }[] };
    const wanted = [old, made[0]?.kid ?? ""];
    await Promise.all([noticed(one, wanted), noticed(two, wanted)]);
  });

  test("an emergency too", async () => {
    const { made } = JSON.parse((await cli("keys emergency --use token --yes -o json")).out) as {
      made: { kid: string }[];
    };
    const wanted = made.map((k) => k.kid);
    await Promise.all([noticed(one, wanted), noticed(two, wanted)]);
  });
});

describe("cloudpass people revoke", () => {
  const alice = "upstream:customer-a-idp/alice";
  const login = async (at: Booted, browser: Browser) =>
    (await logIn(at.issuer, { client_id: "console-tool", scope: renewable }, { email: "alice@a.example", browser }))
      .body;

  test("shows the reach and does nothing without a yes", async () => {
    const browser = new Browser();
    const body = await login(one, browser);
    const asked = await cli(`people revoke ${alice}`, one.idp.issuer);
    expect(asked.exitCode).toBe(1);
    expect(asked.err).toContain("alice of customer-a");
    expect(asked.err).toContain("1 login (console-tool 1)");
    expect(asked.err).toContain("1 browser session\n");
    expect((await refresh(one.issuer, body["refresh_token"])).status).toBe(200);
    expect((await cli("people revoke alice --yes")).err).toContain("is not a person");
    expect((await cli("people revoke upstream:customer-a-idp/nobody --yes")).err).toContain(
      "nobody is signed in as nobody",
    );
    expect((await cli(`people revoke p-${"0".repeat(40)} --yes`)).err).toContain("nothing was done");
  });

  test("ends it on every instance at once; an identity provider that does not answer is told", async () => {
    const refused = await cli(`people revoke ${alice} --yes --because CHG-17`);
    expect(refused.exitCode).toBe(3);
    expect(refused.err).toContain("Keycloak did not answer");
    const { sub } = await revokedFrom();
    expect(sub).toMatch(/^p-[0-9a-f]{40}$/);
  });

  test("by the subject, with the identity provider's session ended too", async () => {
    const browser = new Browser();
    const body = (
      await logIn(two.issuer, { client_id: "console-tool", scope: renewable }, { email: "bob@a.example", browser })
    ).body;
    const sub = String(claimsOf(body["access_token"])["sub"]);
    const done = await cli(`people revoke ${sub} --yes -o json`, two.idp.issuer);
    expect(done.exitCode, done.err).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ sub, name: "bob", revoked: true });
    expect(outcome(await refresh(two.issuer, body["refresh_token"]))).toBe("400 invalid_grant");
    expect(heading(await browser.open(`${two.issuer}/device`))).toBe("Sign in");
  });

  test("everything was written down, in a chain that is whole", async () => {
    const verified = await cli("audit verify");
    expect(verified.exitCode).toBe(0);
    expect(verified.out).toMatch(/audit-\S+\.operator\.jsonl: whole/);
  });

  async function revokedFrom(): Promise<{ sub: string }> {
    const { readdir, readFile } = await import("node:fs/promises");
    const [name = ""] = (await readdir(folder)).filter((n) => n.endsWith(".operator.jsonl"));
    const lines = (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");
    const entries = lines.map((l) => JSON.parse(l) as { event: string; sub: string; because: string });
    const found = entries.find((e) => e.event === "people.revoked");
    expect(found?.because).toBe("CHG-17");
    return { sub: found?.sub ?? "" };
  }
});
