import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, plainText } from "../../support/browser.ts";
import { colleagueOf } from "../../support/colleague.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { git, newFolder, removeFolders } from "../../support/policy-repository.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Customer A's changes are proposed at a remote, where a colleague merges them with plain git.

const there = newFolder();
mkdirSync(there);
git(there, ["init", "--quiet", "--bare", "--initial-branch=main"]);
afterAll(removeFolders);
const broker = shared(() =>
  bootWithRepository({ remote: { url: `file://${there}`, branch: "main", proposals: ["customer-a"] } }),
);
const alice = new Browser();
let token: string;
beforeAll(async () => {
  await broker.policyFiles?.repository?.remote?.push();
  await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  token = String(await consoleToken(broker.issuer, "alice@a.example"));
});
const push = async () => {
  const { repository, vet } = broker.policyFiles ?? {};
  const pushed = await repository?.remote?.push(vet);
  await broker.policyFiles?.take();
  return pushed;
};
const page = async () => plainText(await alice.open(`${broker.issuer}/console/customer-a/changes`));
const listed = async () => (await askConsole(broker.issuer, token, "/tenants/customer-a/changes")).body;
const wish = { set: "auditor", to: "group", group: "reviewers", "at.gx1": "yes" };
const give = async (fields = wish) => {
  const form = await alice.open(`${broker.issuer}/console/customer-a/give`);
  return alice.submit(await alice.submit(form, { ...fields, step: "preview" }), { step: "save" });
};

describe("a save where changes are proposed", () => {
  test("is not in use until it is merged: the page says so, lists it, and notices the merge", async () => {
    const before = await broker.head();
    const done = plainText(await give());
    expect(done).toContain("Proposed, not in use until merged.");
    expect(done).toMatch(/Proposals .*customer-a: grant auditor-group-reviewers.* Alice Ahrens .* is sent in a moment/);
    expect([await broker.head(), (await listed())["proposals"]]).toMatchObject([before, [{ state: "unsent" }]]);
    const [, change] = [await give(), (await listed())["proposals"] as { branch: string; commit: string }[]];
    expect(change).toHaveLength(1);
    await push();
    expect(await page()).toContain("waits to be merged");
    expect((await askConsole(broker.issuer, token, "/tenants/customer-a/grants/auditor-group-reviewers")).status).toBe(
      404,
    );
    const colleague = colleagueOf(there);
    colleague.git("checkout", "--quiet", "--detach", "origin/main");
    colleague.git("merge", "--quiet", "--no-ff", "--no-edit", `origin/${change[0]?.branch}`);
    colleague.git("push", "--quiet", "origin", "HEAD:main");
    expect(await push()).toMatchObject({ ok: true });
    expect(await page()).not.toContain("Proposals");
    const { body } = await askConsole(broker.issuer, token, `/tenants/customer-a/changes/${change[0]?.commit}`);
    expect(body).toMatchObject({ author: "Alice Ahrens", in_use: true, targets: [{ target: "gx1" }] });
    expect((await askConsole(broker.issuer, token, "/tenants/customer-a/grants/auditor-group-reviewers")).status).toBe(
      200,
    );
    colleague.end();
  });

  test("by a program is answered as proposed, with the state that the next change is held against", async () => {
    const head = await broker.head();
    const [path, body] = [
      "/tenants/customer-a/grants/asked",
      { set: "auditor", to: { group: "guests", identity_provider: "customer-a-idp" }, at: ["gx2"] },
    ];
    const call = { method: "PUT", body, headers: { "if-match": `"${head}"` } };
    const [first, again] = [
      await askConsole(broker.issuer, token, path, call),
      await askConsole(broker.issuer, token, path, call),
    ];
    expect([first.status, first.etag, first.body]).toMatchObject([
      200,
      `"${head}"`,
      { proposed: true, grant: "asked" },
    ]);
    expect(again.body).toEqual(first.body);
    expect(broker.lines.filter((line) => line.includes("policy.proposed")).length).toBeGreaterThan(0);
    await push();
    const colleague = colleagueOf(there);
    const { branch } = ((await listed())["proposals"] as { branch: string }[])[0] ?? { branch: "" };
    colleague.git("push", "--quiet", "origin", "--delete", branch);
    colleague.end();
    await push();
    expect(await page()).toContain("removed there, not merged: it never counts");
    expect((await askConsole(broker.issuer, token, path)).status).toBe(404);
  });
});
