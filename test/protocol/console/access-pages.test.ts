import { beforeAll, describe, expect, test } from "vitest";
import { Browser, forms, heading, type Page, plainText } from "../../support/browser.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Bob, who has no right to the console, asks by a page; Alice, who manages customer A, decides by another one.

const broker = shared(() => bootWithRepository());
const file = "customer-a/policy.yaml";
const [alice, bob] = [new Browser(), new Browser()];
beforeAll(async () => {
  await broker.push(file, `${await broker.textOf(file)}requestable: { sets: [auditor], longest: 3d }\n`);
  await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  await signIn(bob, `${broker.issuer}/access`, embeddedVisitor("bob@a.example"));
});

const wish = { set: "auditor", "at.gx1": "yes", "at.gx2": "yes", for: "8h" };
/** Asks as bob, and answers the page of the request. */
const asking = async (reason: string, more: Readonly<Record<string, string>> = {}): Promise<Page> =>
  bob.submit(await bob.open(`${broker.issuer}/access`), { ...wish, reason, ...more });
const idOf = ({ url }: Page): string => /request-[0-9a-f]{20}/.exec(url)?.[0] ?? "";
const open = (id: string, browser = alice) => browser.open(`${broker.issuer}/console/customer-a/requests/${id}`);
/** Sends the form of a request's page that holds a field of this name. */
const decide = (page: Page, field: string, values: Readonly<Record<string, string>>): Promise<Page> => {
  const form = forms(page).find(({ inputs, fields }) => field in fields || inputs.some(({ name }) => name === field));
  if (form === undefined) throw new Error(`no form with ${field}: ${plainText(page)}`);
  return alice.send(form, values);
};

describe("whoever asks", () => {
  test("needs no right to the console, sees the request, and finds it in the list", async () => {
    expect((await bob.open(`${broker.issuer}/console`)).status).toBe(403);
    const page = await asking("the books");
    expect([page.status, plainText(page)]).toEqual([200, expect.stringContaining("You see here what becomes of it.")]);
    expect(plainText(page)).toMatch(/waits for a decision.*auditor.*gx1, gx2.*8 hours.*the books/s);
    expect((await bob.open(`${broker.issuer}/access`)).text).toContain(`/access/${idOf(page)}`);
    // The same form again is the same request.
    expect(idOf(await asking("the books"))).toBe(idOf(page));
  });

  test("gets the form back with what was typed", async () => {
    const empty = await asking("kept", { set: "" });
    expect([empty.status, heading(empty)]).toEqual([422, "Error: Ask for rights"]);
    expect(forms(empty).find(({ method }) => method === "POST")?.fields).toMatchObject({
      "at.gx1": "yes",
      reason: "kept",
    });
    const wordy = await asking("x".repeat(513));
    expect([wordy.status, plainText(wordy)]).toEqual([422, expect.stringContaining("at most 512 characters")]);
    expect(forms(wordy).find(({ method }) => method === "POST")?.fields).toMatchObject({ reason: "x".repeat(513) });
    const long = await asking("kept", { for: "9d" });
    expect([long.status, plainText(long)]).toEqual([422, expect.stringContaining("at most 3d can be asked for")]);
  });

  test("withdraws it, and nobody else does", async () => {
    const page = await asking("by mistake");
    expect((await alice.open(`${broker.issuer}/access/${idOf(page)}`)).status).toBe(404);
    const gone = await bob.submit(page, {});
    expect(plainText(gone)).toContain("Withdrawn.");
    expect(forms(gone)).toEqual([]);
    expect(forms(await open(idOf(page))).filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("comes back to the page after a sign-in that came between", async () => {
    const fresh = new Browser();
    const page = await signIn(fresh, `${broker.issuer}/access`, embeddedVisitor("bob@a.example"));
    expect([page.url, heading(page)]).toEqual([`${broker.issuer}/access`, "Ask for rights"]);
  });

  test("to whom the tenant offers nothing is told so", async () => {
    const text = (await broker.textOf(file)) ?? "";
    await broker.push(file, text.replace(/requestable.*\n/, ""));
    const page = await bob.open(`${broker.issuer}/access`);
    expect(plainText(page)).toContain("Your tenant lets nobody ask for anything.");
    expect(forms(page)).toEqual([]);
    await broker.push(file, text);
  });
});

describe("who decides", () => {
  test("sees first what it does, gives less, and the grant is there", async () => {
    const id = idOf(await asking("for less"));
    const list = await alice.open(`${broker.issuer}/console/customer-a/requests?waiting=yes`);
    expect(list.text).toContain(`/console/customer-a/requests/${id}`);
    const { "at.gx2": _, ...fewer } = { ...wish, for: "1h" };
    const form = forms(await open(id)).find(({ fields }) => "at.gx1" in fields);
    expect(form?.fields).toMatchObject({ "at.gx1": "yes", "at.gx2": "yes", for: "8h" });
    const { "at.gx2": _both, ...fields } = form?.fields ?? {};
    const before = await broker.head();
    const shown = await alice.send({ ...blank, action: form?.action ?? "", fields }, { ...fewer, step: "preview" });
    expect(heading(shown)).toBe("Approve what Bob Behrens asks for?");
    expect(plainText(shown)).toContain(`grant ${id} added`);
    expect(await broker.head()).toBe(before);
    const done = await alice.submit(shown, { step: "approve" });
    expect(plainText(done)).toMatch(/Approved, and in use.*by Alice Ahrens.*gx1, 1 hour/s);
    expect(await broker.textOf(file)).toMatch(new RegExp(`id: ${id}, .*at: \\[ ?gx1 ?\\]`));
    // The same form again changes nothing and says the same.
    const head = await broker.head();
    expect(plainText(await alice.submit(shown, { step: "approve" }))).toContain("Approved, and in use.");
    expect(await broker.head()).toBe(head);
    expect(plainText(await bob.open(`${broker.issuer}/access/${id}`))).toMatch(/approved.*by Alice Ahrens/s);
  });

  test("sees anew what it does when the set was changed since", async () => {
    const id = idOf(await asking("for the year"));
    const shown = await decide(await open(id), "at.gx1", { step: "preview", for: "8h" });
    const text = (await broker.textOf(file)) ?? "";
    await broker.push(
      file,
      text.replace(/^ {2}auditor:\n/m, `$&    - openstack: { role: member, on: { project: dev } }\n`),
    );
    const again = await alice.submit(shown, { step: "approve" });
    expect([again.status, heading(again)]).toEqual([409, "Error: Approve what Bob Behrens asks for?"]);
    expect(plainText(again)).toContain("was changed since you saw it");
    expect(plainText(await alice.submit(again, { step: "approve" }))).toContain("Approved, and in use.");
  });

  test("denies with why, and is told when there is none or somebody was first", async () => {
    const page = await open(idOf(await asking("no")));
    const without = await decide(page, "reason", { reason: " ", step: "deny" });
    expect([without.status, plainText(without)]).toEqual([422, expect.stringContaining("Say why")]);
    const done = await decide(page, "reason", { reason: "ask in June", step: "deny" });
    expect(plainText(done)).toMatch(/Denied\..*ask in June/s);
    const late = await decide(page, "at.gx1", { step: "approve", for: "8h" });
    expect([late.status, plainText(late)]).toEqual([409, expect.stringContaining("was denied by Alice Ahrens")]);
  });

  test("is not who asks", async () => {
    const page = await alice.submit(await alice.open(`${broker.issuer}/access`), { ...wish, reason: "mine" });
    const shown = await open(idOf(page));
    expect(plainText(shown)).toContain("It is your own request: somebody else decides it.");
    expect(forms(shown).filter(({ method }) => method === "POST")).toEqual([]);
  });
});

const blank = { id: undefined, method: "POST", inputs: [] };
