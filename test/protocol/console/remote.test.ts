import { mkdirSync, renameSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Browser, plainText } from "../../support/browser.ts";
import { colleagueOf } from "../../support/colleague.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { git, newFolder, removeFolders } from "../../support/policy-repository.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// What is saved while the other repository is away is in use, is said to be not pushed, and gets there.

const there = newFolder();
mkdirSync(there);
git(there, ["init", "--quiet", "--bare", "--initial-branch=main"]);
afterAll(removeFolders);
const broker = shared(() => bootWithRepository({ remote: { url: `file://${there}`, branch: "main" } }));

describe("a remote of the tenants' repository", () => {
  test("gets what is saved, also what was saved while it was away", async () => {
    const remote = broker.policyFiles?.repository?.remote;
    expect(await remote?.push()).toMatchObject({ ok: true });
    renameSync(there, `${there}.away`);
    const alice = new Browser();
    await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
    const form = await alice.open(`${broker.issuer}/console/customer-a/give`);
    const wish = { set: "auditor", to: "group", group: "reviewers", "at.gx1": "yes" };
    const shown = await alice.submit(form, { ...wish, step: "preview" });
    const done = await alice.submit(shown, { step: "save" });
    expect(await remote?.push()).toMatchObject({ ok: false, refusal: { kind: "away" } });
    expect(plainText(done)).toContain("Saved, and in use.");
    expect(plainText(await alice.open(`${broker.issuer}/console/customer-a/changes`))).toContain("not pushed");
    const token = await consoleToken(broker.issuer, "alice@a.example");
    const listed = async () => (await askConsole(broker.issuer, token, "/tenants/customer-a/changes")).body;
    expect(await listed()).toMatchObject({ not_pushed: 1 });
    renameSync(`${there}.away`, there);
    const pushed = await remote?.push();
    expect(pushed?.ok && pushed.value).toBe(await broker.head());
    expect(git(there, ["rev-parse", "main"]).trim()).toBe(await broker.head());
    expect(plainText(await alice.open(`${broker.issuer}/console/customer-a/changes`))).not.toContain("not pushed");
    expect(await listed()).toMatchObject({ not_pushed: 0 });
  });

  test("does not bring what does not hold: the page says which file, line and why, and the rest comes in", async () => {
    const { repository, vet } = broker.policyFiles ?? {};
    const pushed = () => repository?.remote?.push(vet);
    const alice = new Browser();
    await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
    const token = await consoleToken(broker.issuer, "alice@a.example");
    const listed = async () => (await askConsole(broker.issuer, token, "/tenants/customer-a/changes")).body;
    const page = async () => plainText(await alice.open(`${broker.issuer}/console/customer-a/changes`));
    const good = (await broker.textOf("customer-a/policy.yaml")) ?? "";
    const others = (await broker.textOf("customer-b/policy.yaml")) ?? "";
    const colleague = colleagueOf(there);
    colleague.push({
      "customer-a/policy.yaml": good.replace("give: developer,", "give: nothing,"),
      "customer-b/policy.yaml": others.replace("give: developer", "give: whatever"),
      "customer-a/README.md": "read",
    });
    expect(await pushed()).toMatchObject({ ok: false, refusal: { kind: "unsound" } });
    await broker.policyFiles?.take();
    expect(await broker.textOf("customer-a/policy.yaml")).toBe(good);
    const line = good.split("\n").findIndex((one) => one.includes("give: developer,")) + 1;
    expect(await page()).toMatch(new RegExp(`Not in use .* customer-a/policy.yaml:${line} unknown set "nothing"`));
    expect((await listed())["not_in_use"]).toMatchObject([
      { file: "customer-a/policy.yaml", line, message: expect.stringContaining("nothing"), where: "remote" },
    ]);
    expect(await page()).not.toContain("whatever");
    colleague.push({
      "customer-a/policy.yaml": good.replace("id: dev,", "id: dev, because: mended,"),
      "customer-b/policy.yaml": others,
    });
    expect(await pushed()).toMatchObject({ ok: true });
    await broker.policyFiles?.take();
    expect([await listed(), await broker.textOf("customer-a/policy.yaml")]).toMatchObject([
      { not_in_use: [], not_pushed: 0 },
      expect.stringContaining("because: mended,"),
    ]);
    colleague.end();
  });

  test("what is pushed past it, into this repository, and does not hold is not in use, either", async () => {
    const token = await consoleToken(broker.issuer, "alice@a.example");
    const listed = async () => (await askConsole(broker.issuer, token, "/tenants/customer-a/changes")).body;
    const good = (await broker.textOf("customer-a/policy.yaml")) ?? "";
    const commit = await broker.push("customer-a/policy.yaml", good.replace("give: developer,", "give: nothing,"));
    expect((await listed())["not_in_use"]).toMatchObject([{ file: "customer-a/policy.yaml", where: "here" }]);
    const became = async () =>
      (await askConsole(broker.issuer, token, `/tenants/customer-a/changes/${commit}`)).body["in_use"];
    expect(await became()).toBe(false);
    await broker.push("customer-a/policy.yaml", good);
    expect([(await listed())["not_in_use"], await became()]).toEqual([[], true]);
  });
});
