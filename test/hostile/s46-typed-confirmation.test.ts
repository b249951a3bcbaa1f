import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/index.ts";
import type { KeyRow, OperatorTools, PersonShown } from "../../src/cli/operator/tools.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

// What applying a plan asks for is in test/unit/cli/operator.test.ts; on real servers: test/contract/targets-leaving.test.ts.

const kid = "k".repeat(43);
const key = { kid, use: "token", createdAt: "2026-01-01T00:00:00Z", signsFrom: "2026-01-01T00:00:00Z" } as const;
const retiring: KeyRow = { ...key, status: "retiring", publishedUntil: "2099-01-01T00:00:00Z" };
const person: PersonShown = {
  sub: `p-${"0".repeat(40)}`,
  name: "ann",
  tenant: "customer-a",
  logins: [{ client: "gx1", flow: "device", startedAt: "2026-01-01T00:00:00Z" }],
  sessions: 2,
  realmSessions: 1,
};

describe("S-46: a command that destroys", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cloudpass-destroys-"));
    const yaml = `issuer: https://login.example
masterKey: {env: KEY}
keys: {store: true}
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
store: {kind: redis, url: {env: REDIS}}
`;
    await writeFile(join(folder, "broker.yaml"), yaml);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs it, with somebody who types this, or with nobody. */
  async function run(command: string, typed: string | undefined) {
    const done: string[] = [];
    const does = (act: string, answer: object) => async () => {
      done.push(act);
      return answer;
    };
    const tools = {
      keys: {
        where: "the store",
        list: async () => [retiring],
        retire: does("retire", { outcome: "retired", key: retiring }),
        replace: does("replace", { dropped: [retiring], made: [] }),
        restore: does("restore", []),
      },
      people: {
        show: async () => person,
        revoke: does("revoke", { realm: "ended", refusedFor: 300 }),
      },
    } as unknown as OperatorTools;
    const env = { HOME: folder, KEY: "k".repeat(48), REDIS: "redis://127.0.0.1:9" };
    const terminal = fakeTerminal(env, { tty: typed !== undefined });
    if (typed !== undefined) terminal.stdin.push(`${typed}\n`);
    const exitCode = await runCli([...command.split(" "), "--config", join(folder, "broker.yaml")], {
      version: "0.0.0",
      serve: async () => 0,
      createKeys: async () => {},
      operate: (_config, work) => work(tools),
      terminal,
    });
    return { exitCode, done, said: terminal.out() + terminal.err() };
  }

  const commands: [string, string, string, RegExp][] = [
    [`people revoke ${person.sub}`, "revoke", "revoke", /gx1[\s\S]*2 browser sessions/],
    [`keys retire ${kid}`, kid.slice(0, 8), "retire", /tokens that it signed are refused/],
    ["keys emergency --use token", "emergency", "replace", new RegExp(kid)],
    ["keys import copy.json", "import", "restore", /in the place of the store/],
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
