import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAudit } from "../../src/audit/index.ts";
import { runCli } from "../../src/cli/index.ts";
import type { BrokerConfig } from "../../src/config/index.ts";
import { instant, makeSeal, systemRandom } from "../../src/core/index.ts";
import { createKeyFile, documentAfter } from "../../src/issuer/index.ts";
import { makeKey } from "../../src/issuer/keys/stored-key.ts";
import type { BrokerState } from "../../src/operations/index.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

// What applying a plan asks for is in test/unit/cli/operator.test.ts; on real servers: test/contract/targets-leaving.test.ts.

const folder = await mkdtemp(join(tmpdir(), "cloudpass-destroys-"));
afterAll(() => rm(folder, { recursive: true }));
const copy = join(folder, "copy.json");

const sub = `p-${"0".repeat(40)}`;
const login = {
  client: "gx1",
  loginMethod: "device",
  startedAt: instant(1_767_225_600),
  person: { sub, preferredUsername: "ann", tenant: "customer-a", realmSubject: "ann-at-keycloak" },
};
const kept: Readonly<Record<string, readonly object[]>> = { family: [login], session: [login, login] };

const { clock } = fakeTerminal();
const old = await makeKey("token", "active", { now: () => instant(clock.now() - 1000) });
const retiring = old.kid;
const keys = [old, await makeKey("token", "active", clock), await makeKey("client", "active", clock)];

/** A broker's state that says what was done to it. */
async function makeState(config: BrokerConfig, done: string[]): Promise<BrokerState> {
  const audit = createAudit(clock, ({ event }) => void done.push(event));
  const seal = makeSeal(config.masterKey, systemRandom);
  const store = createMemoryStore({ clock, random: systemRandom });
  const list = async (kind: { readonly name: string }) =>
    (kept[kind.name] ?? []).map((value, n) => ({ id: String(n), value }));
  const document = documentAfter(undefined, keys, clock.now());
  const keyHome = { name: "store", read: async () => document, replace: async () => true, create: async () => {} };
  const holding = { list, revoke: store.revoke.bind(store) } as unknown as Store;
  return { config, clock, seal, keyHome, store: async () => holding, audited: (change) => change(audit) };
}

describe("S-46: a command that destroys", () => {
  beforeAll(async () => {
    const yaml = `issuer: https://login.example
masterKey: {env: KEY}
keys: {store: true}
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
store: {kind: redis, url: {env: REDIS}}
`;
    await writeFile(join(folder, "broker.yaml"), yaml);
    await createKeyFile(copy, clock);
  });

  /** Runs it, with somebody who types this, or with nobody. */
  async function run(command: string, typed: string | undefined) {
    const done: string[] = [];
    const env = { HOME: folder, KEY: "k".repeat(48), REDIS: "redis://127.0.0.1:9" };
    const terminal = fakeTerminal(env, { tty: typed !== undefined });
    if (typed !== undefined) terminal.stdin.push(`${typed}\n`);
    const exitCode = await runCli([...command.split(" "), "--config", join(folder, "broker.yaml")], {
      version: "0.0.0",
      serve: async () => 0,
      withBrokerState: async (config, _deps, work) => work(await makeState(config, done)),
      terminal,
    });
    return { exitCode, done, said: terminal.out() + terminal.err() };
  }

  const commands: [string, string, string, RegExp][] = [
    [`people revoke ${sub}`, "revoke", "people.revoked", /gx1[\s\S]*2 browser sessions/],
    [`keys retire ${retiring}`, retiring.slice(0, 8), "keys.retired", /tokens that it signed are refused/],
    ["keys emergency --use token", "emergency", "keys.replaced", new RegExp(retiring)],
    [`keys import ${copy}`, "import", "keys.created", /in the place of the key set in the store/],
  ];
  test.each(commands)(
    "%s shows its reach, and does nothing unless its word is typed",
    async (command, word, act, reach) => {
      for (const typed of [undefined, "", "yes", "y", `${word} please`, word.toUpperCase()]) {
        const { exitCode, done, said } = await run(command, typed);
        expect([typed, exitCode, done]).toEqual([typed, 1, []]);
        expect(said).toMatch(reach);
        expect(said).toContain("Nothing was done.");
      }
      const { said, done } = await run(command, word);
      expect(said).toMatch(reach);
      expect(done).toEqual([act]);
    },
  );
});
