import { beforeAll, expect, test } from "vitest";
import { Browser, heading, plainText } from "../../support/browser.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice reviews the grants of customer A by the pages of the console.

const clock = heldClock();
const broker = shared(() => bootWithRepository({ clock }));
const alice = new Browser();
const at = (path: string) => `${broker.issuer}/console/customer-a/reviews${path}`;
const open = (path = "") => alice.open(at(path));
const today = new Date(clock.millis()).toISOString().slice(0, 10);
const policyA = "customer-a/policy.yaml";

beforeAll(async () => {
  await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
});

/** The value by which a choice is sent, as the page has it. */
function choice(text: string, grant: string, what: string): Record<string, string> {
  const [, select = ""] = new RegExp(`name="do\\.${grant}"[^>]*>(.*?)</select>`, "s").exec(text) ?? [];
  const [, value = ""] = new RegExp(`value="(${what}:[0-9a-f]*)"`).exec(select) ?? [];
  return { [`do.${grant}`]: value };
}

test("begins with a last day, and says so when there is none", async () => {
  const page = await open();
  expect([heading(page), plainText(page)]).toEqual(["Reviews", expect.stringContaining("No review is over yet.")]);
  for (const due of ["", "2000-01-01", "soon"]) {
    const refused = await alice.submit(page, { due });
    expect([refused.status, plainText(refused)]).toEqual([422, expect.stringContaining("Choose the last day")]);
  }
  const begun = await alice.submit(page, { unconfirmed: "take-back" });
  expect([heading(begun), plainText(begun)]).toEqual([
    `Review of ${today}`,
    expect.stringContaining("5 of 5 grants are left."),
  ]);
  // Sent again it is the same one.
  expect(heading(await alice.submit(page, { unconfirmed: "take-back" }))).toBe(`Review of ${today}`);
});

test("each decision is kept, and what changes the policy is shown before it is done", async () => {
  const page = await open(`/${today}`);
  const before = await broker.head();
  const kept = await alice.submit(page, { ...choice(page.text, "dm", "keep"), step: "save" });
  expect(plainText(kept)).toContain("1 grant is decided.");
  expect(plainText(kept)).toContain("4 of 5 grants are left.");
  expect(plainText(await open(`/${today}?show=decided`))).toMatch(/dm domain-manager: .* confirmed Alice Ahrens/);
  const choices = { ...choice(page.text, "audit", "keep"), ...choice(page.text, "dev", "shorten") };
  const asked = await alice.submit(await open(`/${today}`), { ...choices, until: "2099-01-30", step: "save" });
  expect(heading(asked)).toBe("Is this what you want?");
  expect(plainText(asked)).toContain("grant dev");
  expect(await broker.head()).toBe(before);
  // What was kept on the same page is kept, also when one leaves here.
  expect(plainText(await open(`/${today}?show=decided`))).toMatch(/audit auditor: .* confirmed/);
  const done = await alice.submit(asked, {});
  expect(plainText(done)).toContain("2 of 5 grants are left.");
  expect(await broker.textOf(policyA)).toMatch(/id: dev, .*until: 2099-01-31/);
});

test("what was changed since the page was made is not decided by it", async () => {
  const page = await open(`/${today}`);
  const text = (await broker.textOf(policyA)) ?? "";
  await broker.push(
    policyA,
    text
      .replace("id: audit-console, give: auditor, to: auditors", "id: audit-console, give: auditor, to: platform")
      .split("\ntests:")[0],
  );
  const refused = await alice.submit(page, { ...choice(page.text, "audit-console", "keep"), step: "save" });
  expect([refused.status, plainText(refused)]).toEqual([
    422,
    expect.stringContaining("audit-console: it was changed since you looked"),
  ]);
  await broker.push(policyA, text);
});

test("the rest of a page is kept by one button, and then it is closed, with a result to take along", async () => {
  const page = await open(`/${today}`);
  const rest = await alice.submit(page, { step: "keep-rest" });
  expect(plainText(rest)).toContain("All is decided.");
  const result = await alice.submit(rest, {});
  expect(plainText(result)).toMatch(/Result 4 confirmed, 1 shortened/);
  const cookie = `cloudpass=${alice.cookie("cloudpass")}`;
  const csv = await fetch(at(`/${today}/result.csv`), { headers: { cookie } });
  expect([csv.status, csv.headers.get("content-type"), csv.headers.get("content-disposition")]).toEqual([
    ...[200, "text/csv; charset=utf-8", `attachment; filename="customer-a-review-${today}.csv"`],
  ]);
  expect(csv.headers.get("cache-control")).toBe("no-store");
  expect((await csv.text()).split("\r\n")).toContainEqual(
    expect.stringMatching(`^${today},dev,developer,developers,gx1 gx2 prod1,shortened,Alice Ahrens,2.*,2099-01-31,`),
  );
  const json = await fetch(at(`/${today}/result.json`), { headers: { cookie } });
  expect(await json.json()).toMatchObject({ review: today, unconfirmed: "take-back", items: { length: 5 } });
  expect(plainText(await open())).toMatch(new RegExp(`${today} a moment ago .* Alice Ahrens 4 confirmed, 1 shortened`));
});

test("the next one shows what is as it was, to be confirmed in one act", async () => {
  const begun = await alice.submit(await open(), {});
  expect(heading(begun)).toBe(`Review of ${today}-2`);
  // Nobody got a token for anything.
  expect(plainText(begun)).toContain("no token for it in 90 days");
  expect(plainText(begun)).not.toContain("in no review yet");
});
