import { beforeAll, describe, expect, test } from "vitest";
import type { TargetName, TenantName } from "../../../src/core/index.ts";
import { keepTargetState, type LookEnded } from "../../../src/operations/index.ts";
import { Browser, type Form, forms, heading, type Page, plainText } from "../../support/browser.ts";
import {
  claimsOf,
  decideInBrowser,
  embeddedVisitor,
  poll,
  postForm,
  signIn,
  startDevice,
} from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice manages customer A by the pages of the console.

const clock = heldClock();
const broker = shared(() => bootWithRepository({ clock, keptTargets: ["gx1", "gx2", "prod1"] }));
const alice = new Browser();
const at = (path: string) => `${broker.issuer}/console${path}`;
const policyA = "customer-a/policy.yaml";

beforeAll(async () => {
  await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
});

const blank: Form = { id: undefined, action: "", method: "POST", fields: {}, inputs: [] };
const open = (path: string) => alice.open(at(path));
const wish = {
  set: "auditor",
  to: "group",
  group: "reviewers",
  "at.gx1": "yes",
  "last-day": "2099-01-31",
  reason: "a review",
};
/** Fills in the form for giving and goes on to what it would do. */
const preview = async (fields: Readonly<Record<string, string>> = wish, browser = alice): Promise<Page> =>
  browser.submit(await browser.open(at("/customer-a/give")), { ...fields, step: "preview" });

describe("giving by the form", () => {
  test("shows first what it does, saves it as a commit, and leads to what became of it", async () => {
    const before = await broker.head();
    const shown = await preview();
    expect(heading(shown)).toBe("Is this what you want?");
    expect(plainText(shown)).toContain("grant auditor-group-reviewers added");
    expect(await broker.head()).toBe(before);
    const done = await alice.submit(shown, { step: "save" });
    expect([heading(done), plainText(done)]).toEqual([
      "What became of it",
      expect.stringContaining("Saved, and in use."),
    ]);
    expect(plainText(done)).toContain("gx1 waiting It is brought in step in a moment. Look again.");
    expect(forms(done)).toEqual([]);
    expect(await broker.textOf(policyA)).toContain(
      "{ id: auditor-group-reviewers, give: auditor, to: group-reviewers, at: [gx1], valid: { until: 2099-02-01 }, because: a review }",
    );
    expect(plainText(await open("/customer-a/grants/auditor-group-reviewers"))).toContain("auditor");
  });

  test("sent twice makes one grant", async () => {
    const shown = await preview({ ...wish, group: "twice" });
    await alice.submit(shown, { step: "save" });
    const head = await broker.head();
    const again = await alice.submit(shown, { step: "save" });
    // The second one finds a grant of that name, and says so; nothing is written.
    expect([again.status < 500, await broker.head()]).toEqual([true, head]);
  });

  test("comes back with what was typed when something is missing or wrong", async () => {
    const head = await broker.head();
    const empty = await preview({ reason: "kept" });
    expect([empty.status, heading(empty)]).toEqual([422, "Error: Give something"]);
    expect(plainText(empty)).toContain("Choose what you want to give.");
    expect(empty.text).toContain('value="kept"');
    const wrong = await preview({ ...wish, group: "developers" });
    expect([wrong.status, plainText(wrong)]).toEqual([422, expect.stringContaining('test "a developer"')]);
    expect(wrong.text).toContain('value="developers"');
    expect(await broker.head()).toBe(head);
  });

  test("names the fields that somebody else changed meanwhile, and keeps the rest", async () => {
    const form = await open("/customer-a/give?grant=dev");
    const text = (await broker.textOf(policyA)) ?? "";
    await broker.push(
      policyA,
      text.replace("at: [gx1, gx2, prod1] }", "at: [gx1, gx2] }").replace(/ +- prod1 namespace.*\n/g, ""),
    );
    const refused = await alice.submit(form, { reason: "mine", step: "preview" });
    expect([refused.status, plainText(refused)]).toEqual([422, expect.stringContaining("grants.dev")]);
    expect(refused.text).toContain('value="mine"');
    await broker.push(policyA, text);
  });
});

test("a change has a page, whose state of each target is that of the last look", async () => {
  const from = await broker.head();
  const text = (await broker.textOf(policyA)) ?? "";
  const commit = await broker.push(policyA, text.replace("id: dev,", "id: dev, because: a look,"));
  const looked = async (target: string, ended: LookEnded) =>
    keepTargetState(broker.broker.store, target as TargetName, {
      ...{
        at: clock.now(),
        ended,
        commit,
        wanted: { whole: "", ofTenant: new Map([["customer-a" as TenantName, "x"]]) },
      },
    });
  await looked("gx1", { state: "in-step" });
  await looked("gx2", { state: "failed", reason: "away" });
  const page = plainText(await open(`/customer-a/changes/${commit}`));
  expect(page).toContain("gx1 done Nothing: it is as the policy says.");
  expect(page).toContain("gx2 not there yet It does not answer.");
  expect(page).toContain("prod1 waiting");
  expect((await open(`/customer-a/changes/${from}`)).status).toBe(200);
  expect((await open("/customer-a/changes/nothing")).status).toBe(404);
  expect((await open(`/customer-b/changes/${commit}`)).status).toBe(404);
  await broker.push(policyA, text);
});

describe("taking back and undoing", () => {
  test("say first what is lost, and undo brings it back", async () => {
    await alice.submit(await preview({ ...wish, group: "short" }), { step: "save" });
    const before = await broker.textOf(policyA);
    const page = await open("/customer-a/grants/auditor-group-short");
    const asked = await alice.submit(page, {});
    expect(heading(asked)).toBe("Take auditor-group-short back?");
    expect(await broker.textOf(policyA)).toBe(before);
    const done = await alice.submit(asked, {});
    expect(plainText(done)).toContain("Saved, and in use.");
    expect(await broker.textOf(policyA)).not.toContain("auditor-group-short,");
    const undone = await alice.submit(await open("/customer-a/changes"), {});
    expect(plainText(undone)).toContain("Undone, and in use.");
    expect(await broker.textOf(policyA)).toContain("auditor-group-short,");
  });
});

describe("a manager who would take the own right", () => {
  test("is told so on the page, and nothing is taken", async () => {
    const text = (await broker.textOf(policyA)) ?? "";
    // Without the test in the file that would stop it first.
    await broker.push(policyA, text.split("\ntests:")[0]);
    const head = await broker.head();
    const answer = await alice.submit(await open("/customer-a/grants/dm-console"), {});
    expect([answer.status, heading(answer)]).toEqual([422, "dm-console cannot be taken back like this"]);
    expect(plainText(answer)).toContain("take your own right to manage the tenant");
    expect(await broker.head()).toBe(head);
    await broker.push(policyA, text);
  });
});

describe("a form that is not ours changes nothing (S-16)", () => {
  test.each(["/customer-a/give", "/customer-a/grants/dev/take-back", "/customer-a/changes/COMMIT/undo"])(
    "%s",
    async (path) => {
      const [head, commit] = [await broker.head(), await broker.head()];
      const form = await open("/customer-a/give");
      const token = forms(form)[0]?.fields["form_token"] ?? "";
      const address = at(path.replace("COMMIT", commit));
      // Without a token, with another form's, with one of another tenant's.
      for (const sent of path.endsWith("/give") ? ["", "x"] : ["", token]) {
        const body = { form_token: sent, from: head, step: "save", ...wish };
        const answer = await alice.send({ ...blank, action: address }, body);
        expect([path, answer.status, heading(answer)]).toEqual([path, 403, "This form did not come from our page"]);
      }
      expect(await broker.head()).toBe(head);
    },
  );

  test("nor does one of another customer's page", async () => {
    const head = await broker.head();
    const shown = await preview({ ...wish, group: "elsewhere" });
    const [form = blank] = forms(shown);
    const answer = await alice.send({ ...form, action: at("/customer-b/give") }, { step: "save" });
    expect([answer.status, await broker.head()]).toEqual([403, head]);
  });

  test("nor does one whose session has ended", async () => {
    const head = await broker.head();
    const other = new Browser();
    await signIn(other, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
    const shown = await preview({ ...wish, group: "late" }, other);
    const answer = await new Browser().submit(shown, { step: "save" });
    expect([answer.status, await broker.head()]).toEqual([401, head]);
  });
});

describe("ending all of a person", () => {
  const people = "/customer-a/people";
  /** Bob, who is logged in with a program, as Alice finds him. */
  async function bob(): Promise<{ readonly page: Page; readonly refresh: () => Promise<number> }> {
    const form = { client_id: "gx1", scope: "openid groups offline_access" };
    const start = await startDevice(broker.issuer, form);
    await decideInBrowser(start.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve");
    const { body } = await poll(broker.issuer, { client_id: "gx1", device_code: start.device_code });
    const token = { grant_type: "refresh_token", client_id: "gx1", refresh_token: String(body["refresh_token"]) };
    const { sub } = claimsOf(body["access_token"]);
    const refresh = async () => (await postForm(`${broker.issuer}/token`, token)).status;
    // Who is known is looked up anew after half a minute at the latest.
    clock.advance(31);
    return { page: await open(`${people}/${String(sub)}/end`), refresh };
  }

  test("says what there is, and ends it in one act", async () => {
    const { page, refresh } = await bob();
    expect([heading(page), plainText(page)]).toEqual([
      "End everything of Bob Behrens?",
      expect.stringContaining("1 login of a program"),
    ]);
    const ended = await alice.submit(page, {});
    expect([heading(ended), await refresh()]).toEqual(["Ended", 400]);
    expect(plainText(ended)).toContain("this person cannot sign in here");
  });

  test("wants somebody who proved lately who it is, and else ends nothing", async () => {
    clock.advance(1_200);
    const { page, refresh } = await bob();
    const led = await alice.submit(page, {});
    expect([heading(led) === "Ended", await refresh()]).toEqual([false, 200]);
  });
});
