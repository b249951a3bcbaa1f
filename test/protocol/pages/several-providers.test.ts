import { afterEach, describe, expect, test } from "vitest";
import type { StageRule } from "../../../src/relying-party/index.ts";
import { type Booted, boot, examplePolicy } from "../../support/boot.ts";
import { Browser, heading, type Page, plainText } from "../../support/browser.ts";

let broker: Booted;
afterEach(() => broker.stop());

const person = (name: string) => ({ name, email: `${name}@a.example`, groups: ["developers"], password: name });
const rule = (alias: string, more: Partial<StageRule> = {}): StageRule => ({
  ...{ alias, stage: "active", testers: [], name: `The <${alias}>` },
  ...more,
});

const policyWithTwo = () => examplePolicy({}, (text) => text.replace("[customer-a-idp]", "[customer-a-idp, mill-idp]"));

async function start(...stages: readonly StageRule[]): Promise<void> {
  const people = { "customer-a-idp": { ann: person("ann") }, "mill-idp": { max: person("max") } };
  const tables = { rechecks: [], stages: [...stages, rule("customer-b-idp")] };
  broker = await boot({ policy: await policyWithTwo(), people, identityProviders: () => tables });
}

interface Seen {
  readonly browser: Browser;
  readonly page: Page;
}
const byAddress = async (email = "max@a.example", language = "en"): Promise<Seen> => {
  const browser = new Browser({ "accept-language": language });
  return { browser, page: await browser.submit(await browser.open(`${broker.issuer}/login`), { email }) };
};
const byLink = async (query: string): Promise<Seen> => {
  const browser = new Browser();
  return { browser, page: await browser.open(`${broker.issuer}/login?${query}`) };
};
const offered = (page: Page) => [...page.text.matchAll(/name="idp" value="([^"]+)"/g)].map(([, alias]) => alias);
const at = (alias: string) => `Sign-in of ${alias}`;

describe("Keycloak's error pages lead back to a page", () => {
  test("that says what it means and what to do, in both languages", async () => {
    await start(rule("customer-a-idp"), rule("mill-idp"));
    const look = (language: string) =>
      new Browser({ "accept-language": language }).open(`${broker.issuer}/login/failed`);
    expect(heading(await look("en"))).toBe("Your organization’s sign-in ended with an error");
    expect(plainText(await look("en"))).toContain("cloudpass idp test-login");
    expect(heading(await look("de"))).toBe("Die Anmeldung Ihrer Organisation endete mit einem Fehler");
  });
});

describe("a tenant with several identity providers", () => {
  test("has a page with them, by link and by address, in both languages; who chooses gets there and is signed in", async () => {
    await start(rule("customer-a-idp"), rule("mill-idp"));
    for (const { page } of [await byAddress(), await byLink("tenant=customer-a")]) {
      expect(heading(page)).toBe("Choose where to sign in");
      expect(offered(page)).toEqual(["customer-a-idp", "mill-idp"]);
      expect(plainText(page)).toContain("Continue to The <mill-idp>");
      expect(page.text).not.toContain("customer-b-idp");
    }
    expect(heading((await byAddress("max@a.example", "de")).page)).toBe("Wählen Sie, wo Sie sich anmelden");
    const { browser, page } = await byAddress();
    const login = await browser.submit(page, { idp: "mill-idp" });
    expect(heading(login)).toBe(at("mill-idp"));
    const done = await browser.submit(login, { username: "max", password: "max" }, { formId: "login" });
    expect(heading(done)).toBe("Log in a terminal");
    expect(plainText(done)).toContain("max");
    // Signed in already: the page keeps the token by which the form is ours.
    const again = await browser.submit(await browser.open(`${broker.issuer}/login?tenant=customer-a`), {});
    expect(offered(again)).toEqual(["customer-a-idp", "mill-idp"]);
    expect(heading(await browser.submit(again, { idp: "mill-idp" }))).not.toMatch(/not ours|forged/i);
  });

  test("sends people where their e-mail domain belongs", async () => {
    await start(rule("customer-a-idp", { domains: ["other.example"] }), rule("mill-idp", { domains: ["a.example"] }));
    expect(heading((await byAddress("max@A.example")).page)).toBe(at("mill-idp"));
    expect(heading((await byLink("tenant=customer-a")).page)).toBe("Choose where to sign in");
  });

  test("sends people where a link says, also to one that is being tried out", async () => {
    await start(rule("customer-a-idp"), rule("mill-idp", { stage: "testing", testers: ["max"] }));
    expect(heading((await byLink("tenant=customer-a&idp=mill-idp")).page)).toBe(at("mill-idp"));
    expect(heading((await byLink("tenant=customer-a")).page)).toBe(at("customer-a-idp"));
    for (const idp of ["customer-b-idp", "nobody", "__proto__"]) {
      expect((await byLink(`tenant=customer-a&idp=${idp}`)).page.status).toBe(404);
    }
  });

  test("with the first one switched off sends people to the other", async () => {
    await start(rule("customer-a-idp", { stage: "suspended" }), rule("mill-idp"));
    expect(heading((await byAddress()).page)).toBe(at("mill-idp"));
    expect(heading((await byLink("tenant=customer-a")).page)).toBe(at("mill-idp"));
    const closed = await byLink("tenant=customer-a&idp=customer-a-idp");
    expect(heading(closed.page)).toBe("Your organization’s sign-in is switched off");
  });

  test("with all switched off says so; with only one in tests sends its testers there", async () => {
    await start(rule("customer-a-idp", { stage: "draft" }), rule("mill-idp", { stage: "suspended" }));
    expect(heading((await byAddress()).page)).toBe("Your organization’s sign-in is switched off");
    await broker.stop();
    await start(rule("customer-a-idp", { stage: "draft" }), rule("mill-idp", { stage: "testing", testers: ["max"] }));
    expect(heading((await byAddress()).page)).toBe(at("mill-idp"));
  });

  test("takes nobody for signed in through one who came through another (S-37)", async () => {
    await start(rule("customer-a-idp"), rule("mill-idp"));
    const browser = new Browser();
    const go = async (idp: string) => browser.open(`${broker.issuer}/login?tenant=customer-a&idp=${idp}`);
    await browser.submit(await go("customer-a-idp"), { username: "ann", password: "ann" }, { formId: "login" });
    const ask = await go("mill-idp");
    // The realm remembers ann and asks nobody.
    const came = await browser.submit(ask, {});
    expect(came.status).toBe(403);
    expect(plainText(came)).toContain("another place");
  });
});
