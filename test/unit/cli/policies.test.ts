import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { instant, manualClock, parseTime } from "../../../src/core/index.ts";
import { type Script, startRecorder } from "../targets/recorder.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const examples = fileURLToPath(new URL("../../../policies", import.meta.url));
let folder: string;
let policies: string;
let commit: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@a.example", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
const file = (name: string) => join(policies, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudpass-policies-"));
  policies = join(folder, "policies");
  cpSync(examples, policies, { recursive: true });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "first");
  commit = git("rev-parse", "HEAD").slice(0, 12);
});
afterAll(() => rmSync(folder, { recursive: true }));

const cli = async (...argv: string[]) => {
  const clock = manualClock(parseTime("2027-01-01") ?? instant(0));
  const terminal = fakeTerminal({ HOME: folder }, { clock });
  const exitCode = await runCli(argv, {
    version: "0.0.0",
    serve: async (path) => path.length,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
};
const lineOf = (words: string) =>
  readFileSync(file("customer-a.yaml"), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(words)) + 1;
const changed = async (change: (text: string) => string, act: () => Promise<void>) => {
  const text = readFileSync(file("customer-a.yaml"), "utf8");
  writeFileSync(file("customer-a.yaml"), change(text));
  await act().finally(() => writeFileSync(file("customer-a.yaml"), text));
};
/** The auditors' window has ended. */
const overdue = (text: string) =>
  text.replace(
    "auditors, at: [gx1, gx2, prod1] }",
    "auditors, at: [gx1, gx2, prod1], valid: { until: 2026-12-31T18:00, zone: Europe/Berlin } }",
  );
const ledger = (...people: object[]) => {
  const path = join(folder, "people.json");
  const usual = { tenant: "customer-a", upstream: "customer-a-idp", amr: [], at: "2026-12-24T12:00:00Z" };
  writeFileSync(path, JSON.stringify({ people: people.map((person) => ({ ...usual, ...person })) }));
  return path;
};
const boss = { person: "k-boss", claims: { groups: ["platform"] } };
const dev = { person: "k-dev", claims: { groups: ["developers"] } };
const away = { person: "k-away", claims: { _claim_names: { groups: "src1" } } };

describe("policies check", () => {
  it("is content with the examples, and says so", async () => {
    expect(await cli("policies", "check", policies, "--strict")).toMatchObject({
      exitCode: 0,
      out: "0 problems, 0 warnings\n",
    });
  });

  it("prints problems with their lines and fails; nothing else is said of broken files", async () => {
    await changed(
      (text) => text.replace("give: auditor", "give: auditer"),
      async () => {
        const { exitCode, out } = await cli("policies", "check", policies);
        expect(exitCode).toBe(1);
        expect(out).toMatch(
          /customer-a\.yaml:\d+:24: grants\[2\]\.give: unknown set "auditer"[\s\S]*did you mean "auditor"\?\n1 problem, 0 warnings\n$/,
        );
      },
    );
  });

  it("prints warnings, which fail only when strict, as text and as JSON", async () => {
    await changed(overdue, async () => {
      const { exitCode, out } = await cli("policies", "check", policies);
      expect([exitCode, out.split("\n").at(-2)]).toEqual([0, "0 problems, 1 warning"]);
      expect(out).toMatch(
        /customer-a\.yaml:\d+:\d+: grants\[2\]\.valid: warning: this window is over[\s\S]*fix: remove the grant/,
      );
      const strict = await cli("policies", "check", policies, "--strict", "--output", "json");
      expect(strict.exitCode).toBe(1);
      expect(JSON.parse(strict.out)).toMatchObject({
        problems: [],
        warnings: [{ line: lineOf("id: audit"), says: expect.stringContaining("is over") }],
      });
    });
  });

  it("counts the holders of a set among the people who signed in lately", async () => {
    const rule = (otherwise: string) => (text: string) =>
      text.replace(
        "tests:",
        `rules:\n  - count: { set: domain-manager, min: 2, max: 3, from: 30d, otherwise: ${otherwise} }\ntests:`,
      );
    const old = { ...boss, person: "k-old", at: "2026-11-01T00:00:00Z" };
    await changed(rule("refuse"), async () => {
      const { exitCode, out } = await cli("policies", "check", policies, "--people", ledger(boss, dev, old));
      expect(exitCode).toBe(1);
      expect(out).toContain('1: 1 known people hold "domain-manager", where at least 2 should');
      expect(
        (await cli("policies", "check", policies, "--people", ledger(boss, { ...boss, person: "k-2" }))).exitCode,
      ).toBe(0);
      expect((await cli("policies", "check", policies)).exitCode).toBe(0);
    });
    await changed(rule("warn"), async () => {
      const { exitCode, out } = await cli("policies", "check", policies, "--people", ledger(boss));
      expect([exitCode, out.split("\n").at(-2)]).toEqual([0, "0 problems, 1 warning"]);
    });
  });
});

/** A Keystone that holds nothing but its roles. */
const emptyKeystone: Script = ({ method, url }) => {
  if (method === "POST") return { status: 201, headers: { "x-subject-token": "t" } };
  const collection = url.split("/").at(-1) ?? "";
  const roles = ["reader", "member", "manager"].map((name) => ({ id: name, name }));
  return { status: 200, body: { [collection]: collection === "roles" ? roles : [] } };
};

describe("policies plan", () => {
  it("says what is most likely not meant, what it would do, how much it asked, and how long a lost right lives", async () => {
    const keystone = await startRecorder(emptyKeystone);
    const environment = join(folder, "environment.yaml");
    const gx1 = { authUrl: `${keystone.url}/v3`, username: "admin", password: { env: "HOME" }, project: "admin" };
    writeFileSync(environment, JSON.stringify({ kind: "Environment", issuer: "https://id.example", clouds: { gx1 } }));
    await changed(overdue, async () => {
      const { exitCode, out, err } = await cli("policies", "plan", policies, "--environment", environment);
      expect(exitCode).toBe(2);
      expect(err).toMatch(/customer-a\.yaml:\d+:\d+: grants\[2\]\.valid: warning: this window is over/);
      expect(err).toContain(`  ${keystone.heard.length} requests\n`);
      expect(out).toMatch(/^keystone gx1: \d+ to create\n/);
      expect(err).toMatch(
        /cloud gx1: a right lost at the identity provider is honoured \d+ s \(\d+ min\) more at most/,
      );
    }).finally(keystone.stop);
  });
});

describe("policies explain", () => {
  it("a person of the ledger, with the commit that wrote each line", async () => {
    const { out } = await cli("policies", "explain", "k-dev", "--policies", policies, "--people", ledger(boss, dev));
    expect(out).toContain(
      `no  dm would give domain-manager: groups has "platform": it does not  (${file("customer-a.yaml")}:${lineOf("id: dm")}, commit ${commit})`,
    );
    expect(out).toContain(
      `yes dev gives developer  (${file("customer-a.yaml")}:${lineOf("id: dev")}, commit ${commit})`,
    );
  });

  it("names no commit for a line that is not committed, nor outside a repository", async () => {
    await changed(
      (text) => text.replace("{ id: dev,", "{ id: devs,"),
      async () => {
        const { out } = await cli(
          "policies",
          "explain",
          "k-dev",
          "--policies",
          policies,
          "--people",
          ledger(dev),
          "--output",
          "json",
        );
        const { matched, unmatched } = JSON.parse(out);
        expect([matched[0].grant, matched[0].commit, unmatched[0].commit]).toEqual(["devs", undefined, commit]);
      },
    );
    const lone = mkdtempSync(join(tmpdir(), "cloudpass-alone-"));
    cpSync(examples, lone, { recursive: true });
    const { out } = await cli("policies", "explain", "k-dev", "--policies", lone, "--people", ledger(dev));
    rmSync(lone, { recursive: true });
    expect(out).toContain("yes dev gives developer");
    expect(out).not.toContain("commit");
  });

  it("--who goes backwards: grants, people, conditions, and how many known people", async () => {
    const who = (right: string) =>
      cli("policies", "explain", "--who", right, "--policies", policies, "--people", ledger(boss, dev, away));
    const { out } = await who("manager on gx1 domain customer-a");
    expect(out).toBe(
      `grant dm gives gx1 domain customer-a manager  (${file("customer-a.yaml")}:${lineOf("id: dm")}, commit ${commit})
  to platform: groups has "platform", of customer-a-idp
  not by a device login, but of clients that may (manager)
  known people who have it now: 1
`,
    );
    // A role that implies the role, and the whole domain for one of its projects.
    expect((await who("reader on gx1 domain customer-a")).out).toContain(
      "grant dm gives gx1 domain customer-a manager",
    );
    expect((await who("reader on gx1 project customer-a/dev")).out).toMatch(
      /grant dev gives gx1 project customer-a\/dev member[\s\S]*grant audit gives gx1 projects-of customer-a reader/,
    );
    expect((await who("admin on gx1 domain customer-a")).out).toBe("no grant gives it\n");
    expect((await who("manager on gx9 domain customer-a")).err).toMatch(/no target "gx9"/);
    expect((await who("manager")).err).toContain('write it like "manager on gx1 domain customer-a"');
  });

  it("--diff says which known people gain or lose what, per target, against a commit", async () => {
    const question = ["policies", "explain", "--diff", "HEAD", "--policies", policies, "--people"];
    expect(await cli(...question, ledger(boss, dev))).toMatchObject({
      exitCode: 0,
      out: "0 rights change for 2 people of the ledger\n",
    });
    const swap = (text: string) =>
      text
        .replace(
          "  - { id: dm, give: domain-manager, to: platform, at: [gx1, gx2] }",
          "  - { id: dm, give: domain-manager, to: developers, at: [gx1] }",
        )
        .replace(/tests:[\s\S]*/, "");
    await changed(swap, async () => {
      const { exitCode, out } = await cli(...question, ledger(boss, dev, away));
      expect(exitCode).toBe(2);
      expect(out).toBe(`gx1:
  + domain customer-a manager: 1 person (k-dev)
  - domain customer-a manager: 1 person (k-boss)
gx2:
  - domain d000001 manager: 1 person (k-boss)
cannot be said for 1 person (k-away): a claim did not arrive whole
2 rights change for 3 people of the ledger
`);
      const json = JSON.parse((await cli(...question, ledger(boss), "--output", "json")).out);
      expect(json.changes).toEqual([
        { target: "gx1", right: "domain customer-a manager", gain: [], lose: ["k-boss"] },
        { target: "gx2", right: "domain d000001 manager", gain: [], lose: ["k-boss"] },
      ]);
    });
  });

  it.each([
    ["a ref that is none", ["--diff", "nowhere"], /git knows no "nowhere"/],
    ["a ref that is an option", ["--diff=--output=/tmp/x"], /git knows no "--output/],
    ["no question", [], /whose rights\?/],
  ])("%s is refused with words", async (_, more, words) => {
    const { exitCode, err } = await cli(
      "policies",
      "explain",
      ...more,
      "--policies",
      policies,
      "--people",
      ledger(boss),
    );
    expect(exitCode).toBe(1);
    expect(err).toMatch(words);
  });

  it("people are asked for, and a file that is no ledger is named", async () => {
    expect((await cli("policies", "explain", "--diff", "HEAD", "--policies", policies)).err).toContain(
      "give --people LEDGER.json",
    );
    const other = join(folder, "other.json");
    writeFileSync(other, '{"people": [{"person": 7}]}');
    expect((await cli("policies", "explain", "x", "--policies", policies, "--people", other)).err).toMatch(
      /is not a ledger of people[\s\S]*people\.0\.person/,
    );
  });
});
