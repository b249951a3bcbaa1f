import { mkdirSync, renameSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Browser, plainText } from "../../support/browser.ts";
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
});
