import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { blocksOf, commandsOf } from "../../support/how-to.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// The how-to pages for domain managers, command by command as they stand there. Alice sits before a terminal and says yes.

const broker = shared(bootWithRepository);
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-how-to-"));
  await browserLogin(broker.issuer, join(home, "bob"), "bob@a.example");
});
afterAll(() => rm(home, { recursive: true }));

const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
const today = new Date().toISOString().slice(0, 10);
const put = { "2026-09-30": today, "2027-01-31": inAWeek, "https://login.example": "" };

/** Works a page through; answers what each command said. */
async function workThrough(
  page: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, string>> {
  const said = new Map<string, string>();
  const env = { HOME: join(home, "alice"), XDG_STATE_HOME: join(home, "alice/state"), CLOUDPASS_ISSUER: broker.issuer };
  for (const words of commandsOf(page, { ...put, ...more })) {
    const command = words.join(" ");
    if (words[0] === "login") {
      const more = words.includes("--fresh") ? ["--fresh"] : [];
      await browserLogin(broker.issuer, join(home, "alice"), "alice@a.example", more);
      continue;
    }
    const terminal = fakeTerminal(env, { tty: true });
    (terminal.stdin as unknown as NodeJS.WritableStream).write("yes\n");
    const exitCode = await runCli(words, { version: "0.0.0", serve: async () => 0, terminal });
    expect([command, exitCode, exitCode === 0 ? "" : terminal.err()]).toEqual([command, 0, ""]);
    said.set(words.slice(0, 4).join(" "), terminal.out());
  }
  return said;
}

describe("what a domain manager reads", { timeout: 60_000 }, () => {
  it("docs/how-to/my-first-day.md: looks at everything, and changes nothing", async () => {
    const before = await broker.head();
    const said = await workThrough("my-first-day.md");
    expect(said.get("tenant list")).toContain("customer-a");
    expect(said.get("tenant people list --search")).toMatch(/Bob Behrens/);
    expect(said.get("tenant people show bob@a.example")).toMatch(/member on project customer-a\/dev .*grant dev/);
    expect(said.get("tenant grants show dev")).toContain("held by    Bob Behrens (bob)");
    expect(await broker.head()).toBe(before);
  });

  it("docs/how-to/give-a-right-for-a-week.md: gives it until then, and takes it back", async () => {
    const said = await workThrough("give-a-right-for-a-week.md");
    expect(said.get("tenant grants show auditor-person-bob")).toMatch(
      new RegExp(`^until {6}${inAWeek}T00:00:00Z\nreason {5}audit 2027$`, "m"),
    );
    expect(await broker.textOf("customer-a/policy.yaml")).not.toContain("auditor-person-bob");
  });

  it("docs/how-to/quarterly-review.md: decides on every grant, and closes it with a result that stays", async () => {
    const file = "customer-a/policy.yaml";
    const text = (await broker.textOf(file)) ?? "";
    const people = "people:\n  visitors: { from: customer-a-idp, all: [{ groups: { has: visitors } }] }\n";
    const grants = "grants:\n  - { id: visit, give: auditor, to: visitors, at: [gx1] }\n";
    await broker.push(file, text.replace("people:\n", people).replace("grants:\n", grants));
    const said = await workThrough("quarterly-review.md");
    expect(said.get("tenant review show")).toMatch(/^Review \S+: 6 of 6 grants left, due /);
    expect(said.get("tenant review confirm --unchanged")).toBe("Confirmed: 0\n");
    expect(said.get("tenant review list")).toMatch(/4 confirmed, 1 shortened, 1 taken-back +Alice Ahrens/);
    expect(said.get(`tenant review show ${today}`)).toContain('"outcome": "taken-back"');
    expect(await broker.textOf(file)).not.toContain("id: visit,");
    const settings = blocksOf("quarterly-review.md", "yaml").join("");
    expect(await broker.policyFiles?.wouldBe(new Map([[file, `${text}${settings}`]]), "customer-a")).toMatchObject({
      ok: true,
    });
  });

  it("docs/how-to/answer-a-request.md: gives for less what Bob asks for, and denies the rest", async () => {
    const file = "customer-a/policy.yaml";
    await broker.push(file, `${await broker.textOf(file)}requestable: { sets: [auditor], longest: 3d }\n`);
    const asked = async (reason: string) => {
      const [folder, words] = [
        join(home, "bob"),
        ["access", "request", "--set", "auditor", "--at", "gx1", "--for", "8h"],
      ];
      const env = { HOME: folder, XDG_STATE_HOME: join(folder, "state"), CLOUDPASS_ISSUER: broker.issuer };
      const terminal = fakeTerminal(env);
      await runCli([...words, "--reason", reason], { version: "0.0.0", serve: async () => 0, terminal });
      return /request-\w+/.exec(terminal.out())?.[0] ?? "none";
    };
    const [first, second] = [await asked("the books"), await asked("more books")];
    const ids = { "request-0123456789abcdef0123": first, "request-3210fedcba9876543210": second };
    const said = await workThrough("answer-a-request.md", ids);
    expect(said.get("tenant requests list --waiting")).toContain(first);
    expect(said.get(`tenant requests approve ${first}`)).toMatch(/^state {6}approved$/m);
    expect(said.get(`tenant requests deny ${second}`)).toMatch(/^because {4}one is enough$/m);
    expect(said.get(`tenant grants show ${first}`)).toContain("Bob Behrens (bob)");
  });

  it("docs/how-to/somebody-leaves.md: ends all that Bob has open", async () => {
    const said = await workThrough("somebody-leaves.md");
    expect(said.get("tenant people show bob@a.example")).toMatch(/^browsers +1$/m);
    expect(said.get("tenant people end bob@a.example")).toMatch(/^Ended: 1 login of a program, 1 browser\./);
    expect(said.get("tenant grants list --output")).toContain('"id": "dev"');
  });
});
