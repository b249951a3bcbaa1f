import { afterEach, describe, expect, test } from "vitest";
import type { IdentityProviderAlias } from "../../../src/core/index.ts";
import { type Booted, boot, examplePolicy } from "../../support/boot.ts";
import { Browser, heading, type Page, plainText } from "../../support/browser.ts";

// People who live in the realm, as members of their organization (decision 0075).

let broker: Booted;
afterEach(() => broker.stop());

const name = "customer-a-members.zoe@a.example";
const alias = "customer-a-members" as IdentityProviderAlias;
const stage = (one: string) => ({ alias: one, stage: "active" as const, testers: [] });

/** Customer A without an identity provider; `upstreams` has more of them. */
async function start(...upstreams: readonly string[]): Promise<void> {
  const zoe = { name: "Zoe", email: "zoe@a.example", groups: [], password: "zoe" };
  const ann = { name: "Ann", email: "ann@a.example", groups: [], password: "ann" };
  const aliases = [alias, ...upstreams];
  const policy = await examplePolicy({}, (text) =>
    text
      .replace("[customer-a-idp]", `[${aliases.join(", ")}]`)
      .replaceAll("from: customer-a-idp", `from: ${alias}`)
      .replaceAll("upstream: customer-a-idp", `upstream: ${alias}`)
      .replaceAll("  customer-a-idp:", `  ${alias}:`),
  );
  broker = await boot({
    policy,
    people: { "organization:customer-a": { [name]: zoe }, "customer-a-idp": { ann } },
    identityProviders: () => ({
      rechecks: [],
      stages: [...aliases, "customer-b-idp"].map(stage),
      members: [{ alias, organization: "customer-a" }],
    }),
  });
}

const open = async (query: string, email?: string): Promise<{ browser: Browser; page: Page }> => {
  const browser = new Browser();
  const page = await browser.open(`${broker.issuer}/login?${query}`);
  return { browser, page: email === undefined ? page : await browser.submit(page, { email }) };
};
const place = "Sign-in of organization:customer-a";
const sentTo = ({ page }: { page: Page }) => new URL(page.url);

describe("a member of an organization", () => {
  test("goes to the realm's own form by the e-mail address, and is signed in", async () => {
    await start();
    const { browser, page } = await open("", "Zoe@A.example");
    expect(heading(page)).toBe(place);
    const done = await browser.submit(page, { username: name, password: "zoe" }, { formId: "login" });
    expect(heading(done)).toBe("Log in a terminal");
    expect(plainText(done)).toContain("zoe@a.example");
  });

  test("is asked for the address where a link says the tenant only", async () => {
    await start();
    const { browser, page } = await open("tenant=customer-a&to=account");
    expect(plainText(page)).toContain("Type the e-mail address under which Customer A invited you");
    const form = await browser.submit(page, { email: "zoe@a.example" });
    expect(heading(form)).toBe(place);
    const done = await browser.submit(form, { username: name, password: "zoe" }, { formId: "login" });
    expect(sentTo({ page: done }).pathname).toBe("/account");
  });

  test("stands beside the identity provider of the same tenant, and each lets in its own", async () => {
    await start("customer-a-idp");
    const { browser, page } = await open("tenant=customer-a");
    expect(heading(page)).toBe("Choose where to sign in");
    expect(heading(await browser.submit(page, { idp: "customer-a-idp" }))).toBe("Sign-in of customer-a-idp");
    const asked = await open("tenant=customer-a&idp=customer-a-members");
    expect(heading(await asked.browser.submit(asked.page, { email: "zoe@a.example" }))).toBe(place);
  });

  test("has no account under an address of another tenant", async () => {
    await start();
    const { page } = await open("", "zoe@b.example");
    expect(heading(page)).toBe("Sign-in of customer-b-idp");
  });
});
