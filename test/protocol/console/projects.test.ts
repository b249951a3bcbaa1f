import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, forms, heading, plainText } from "../../support/browser.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { claimsOf, embeddedVisitor, signIn } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";
import { type SmallKeystone, startSmallKeystone } from "../../support/small-keystone.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice manages the domain of customer A on gx1; gx2 never answers. What the real Keystone says to all this is in
// `contract/projects.test.ts`.

let keystone: SmallKeystone;
const broker = shared(async () => {
  keystone = await startSmallKeystone("gx1");
  keystone.add({ name: "dev", description: "Where everything is tried" });
  return bootWithRepository({ yaml: `endpoints: {gx1: "${keystone.url}", gx2: "http://127.0.0.1:9/v3"}` });
});
afterAll(() => keystone.stop());
const browser = new Browser();
let alice: string;
let breaksDocument: Awaited<ReturnType<typeof readDocument>>;

beforeAll(async () => {
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  breaksDocument = await readDocument(broker.issuer);
  await signIn(browser, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
});

/** Calls the API of the own tenant, and sees that its document describes the answer. */
async function call(method: string, rest: string, body?: unknown) {
  const path = `/tenants/customer-a${rest}`;
  const answer = await askConsole(broker.issuer, alice, path, { method, ...(body !== undefined && { body }) });
  expect(breaksDocument({ ...answer, method, path })).toEqual([]);
  return answer;
}
const open = (path: string) => browser.open(`${broker.issuer}/console/customer-a${path}`);
const idOf = (name: string) => keystone.projects.find((one) => one.name === name)?.id ?? "none";

describe("a manager's projects", () => {
  test("are listed with the age of what each cloud said", async () => {
    const { status, body } = await call("GET", "/projects");
    expect([status, body]).toMatchObject([
      200,
      {
        items: [
          { name: "dev", kept_by: "operator", at: [{ cloud: "gx1", enabled: true }] },
          { name: "prod", kept_by: "operator", at: [] },
        ],
        total: 2,
        clouds: [
          { cloud: "gx1", manages: true, state: "read", at: expect.stringMatching(/^20/) },
          { cloud: "gx2", manages: true, state: "no answer" },
        ],
      },
    ]);
    expect(plainText(await open("/projects"))).toMatch(
      /dev there not known the operator’?'?s list[\s\S]*gx2[\s\S]*does not answer/,
    );
  });

  test("are read with a token of a minute in the manager's name, for this cloud alone and with its groups alone", async () => {
    await call("GET", "/projects");
    const { aud, tenant, groups, client_id, iat, exp, flow } = claimsOf(keystone.presented.at(-1));
    expect({ aud, tenant, groups, flow }).toEqual({
      ...{ aud: "gx1", tenant: "urn:cloudpass:tenant:customer-a", flow: "browser" },
      groups: ["cp.customer-a.developer", "cp.customer-a.domain-manager"],
    });
    expect([client_id, Number(exp) - Number(iat)]).toEqual(["console-tool", 60]);
    expect(broker.lines.join("\n")).not.toContain(keystone.presented.at(-1));
  });

  test("are not read anew by each look", async () => {
    const before = keystone.asked.length;
    for (let i = 0; i < 3; i++) await call("GET", "/projects");
    expect(keystone.asked).toHaveLength(before);
  });

  test("are shown with who has what there", async () => {
    const shown = await call("GET", `/projects/gx1/${idOf("dev")}`);
    expect(shown.body).toMatchObject({ name: "dev", description: "Where everything is tried", may_change: true });
    expect(shown.body["access"]).toMatchObject([
      { grant: "dev", role: "member", people: [{ name: "Alice Ahrens" }] },
      { grant: "audit", role: "reader", people: [] },
    ]);
    const page = await open(`/projects/gx1/${idOf("dev")}`);
    expect([heading(page), plainText(page)]).toEqual([
      "dev, gx1",
      expect.stringMatching(/member dev Alice Ahrens[\s\S]*Not readable here/),
    ]);
  });

  test("of another domain, and on another cloud, are not there (S-46)", async () => {
    const foreign = keystone.add({ name: "theirs", domain_id: "b".repeat(32) });
    for (const place of [`gx1/${foreign.id}`, `gx1/${"0".repeat(32)}`, `gx9/${idOf("dev")}`, `prod1/${idOf("dev")}`]) {
      expect((await call("GET", `/projects/${place}`)).status, place).toBe(404);
      expect((await open(`/projects/${place}`)).status).toBe(404);
    }
    expect((await askConsole(broker.issuer, alice, "/tenants/customer-b/projects")).status).toBe(404);
  });
});

test("namespaces are shown where the broker may read them, and said not to be where it has no account", async () => {
  const { body } = await call("GET", "/namespaces");
  expect(body).toEqual({ items: [{ cluster: "prod1", state: "nobody looked", namespaces: [] }] });
  expect(plainText(await open("/projects"))).toMatch(
    /prod1: given by name[\s\S]*The broker has no account on this cluster/,
  );
});

describe("making a project", () => {
  const web = { name: "web", description: "the new shop", at: ["gx1", "gx2"] };

  test("on two clouds of which one is away: the other one has it; the same again makes no second one", async () => {
    for (let i = 0; i < 2; i++) {
      const { status, body } = await call("POST", "/projects", web);
      expect([status, body]).toMatchObject([
        200,
        {
          name: "web",
          at: [
            { cloud: "gx1", outcome: "there", project: idOf("web") },
            { cloud: "gx2", outcome: "no answer" },
          ],
        },
      ]);
    }
    expect(keystone.projects.filter(({ name }) => name === "web")).toHaveLength(1);
    const said = broker.lines.filter((line) => line.includes('"event":"project.created"'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/"target":"gx1","project":"web"/);
    expect((await call("GET", "/projects")).body["items"]).toContainEqual(
      expect.objectContaining({ name: "web", kept_by: "hand" }),
    );
  });

  test("ten times at once makes one", async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => call("POST", "/projects", { ...web, name: "many", at: ["gx1"] })),
    );
    expect(new Set(all.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(keystone.projects.filter(({ name }) => name === "many")).toHaveLength(1);
  });

  test("of a name that is taken says so, and changes nothing", async () => {
    const { body } = await call("POST", "/projects", { name: "dev", description: "mine", at: ["gx1"] });
    expect(body["at"]).toMatchObject([
      { outcome: "taken", message: "there is a project of that name, described otherwise" },
    ]);
    expect(keystone.projects.find(({ name }) => name === "dev")?.description).toBe("Where everything is tried");
  });

  test.each<[string, object, string]>([
    ["a name with a slash", { ...web, name: "a/b" }, "/body/name"],
    ["a name of 65 letters", { ...web, name: "x".repeat(65) }, "/body/name"],
    ["a description of two lines", { ...web, name: "two", description: "a\nb" }, "/body/description"],
    ["a cloud of nobody's", { ...web, name: "three", at: ["gx1", "gx9"] }, "/body/at/1"],
    ["no cloud", { ...web, name: "four", at: [] }, "/body/at"],
  ])("%s is refused before anything is sent", async (_what, body, pointer) => {
    const before = keystone.asked.length;
    const refused = await call("POST", "/projects", body);
    expect([refused.status, refused.body["errors"]]).toMatchObject([422, [{ pointer }]]);
    expect(keystone.asked).toHaveLength(before);
  });

  test("by the form: it comes back with its values, or says for each cloud what became of it", async () => {
    const empty = await browser.submit(await open("/projects/new"), {
      name: "",
      description: "a shop",
      "at.gx1": "yes",
    });
    expect([empty.status, heading(empty), plainText(empty)]).toEqual([
      422,
      "Error: Make a project",
      expect.stringContaining("Enter a name."),
    ]);
    expect(forms(empty).find(({ action }) => action?.endsWith("/new"))?.fields).toMatchObject({
      description: "a shop",
      "at.gx1": "yes",
    });
    const made = await browser.submit(empty, { name: "shop", description: "a shop", "at.gx1": "yes", "at.gx2": "yes" });
    expect([made.status, heading(made)]).toEqual([200, "Project shop"]);
    expect(plainText(made)).toMatch(/gx1 is there[\s\S]*gx2 no answer[\s\S]*Try again where it is not there/);
    const again = await browser.submit(made, {});
    expect(plainText(again)).toMatch(/gx2 no answer/);
  });
});

describe("a project that was just made", () => {
  const shop = { name: "shop2", description: "", at: ["gx1"], roles: ["member", "reader"] };
  const file = "customer-a/policy.yaml";

  test("can be given at once: each role has a set in the tenant's policy, once", async () => {
    for (let i = 0; i < 2; i++)
      expect((await call("POST", "/projects", shop)).body).toMatchObject({ sets: ["shop2-member", "shop2-reader"] });
    const text = (await broker.textOf(file)) ?? "";
    expect(text.match(/shop2-member:/g)).toHaveLength(1);
    expect(text).toContain("{ role: member, on: { ownProject: shop2 } }");
    expect((await call("GET", `/projects/gx1/${idOf("shop2")}`)).body["sets"]).toEqual([
      "shop2-member",
      "shop2-reader",
    ]);
    const head = await broker.head();
    const people = (await call("GET", "/people?search=ahrens")).body["items"] as { sub: string }[];
    const given = await askConsole(broker.issuer, alice, "/tenants/customer-a/grants?dry_run=true", {
      method: "POST",
      headers: { "if-match": `"${head}"` },
      body: { set: "shop2-member", to: { person: people[0]?.sub }, at: ["gx1", "gx2"] },
    });
    expect(given.body["people"]).toMatchObject([
      { right: "gx1 project customer-a/shop2 member", gain: [{ name: "Alice Ahrens" }] },
      { right: "gx2 project d000001/shop2 member", gain: [{ name: "Alice Ahrens" }] },
    ]);
  });

  test.each(["manager", "admin", "service", "Member", "operator", ""])(
    "not as %j: neither offered, nor taken, and nothing is sent or saved",
    async (role) => {
      expect((await call("GET", "/projects")).body["roles"]).toEqual(["reader", "member"]);
      const [before, head] = [keystone.asked.length, await broker.head()];
      const refused = await call("POST", "/projects", { ...shop, name: "shop3", roles: ["member", role] });
      expect([refused.status, refused.body["errors"]]).toMatchObject([422, [{ pointer: "/body/roles/1" }]]);
      expect([keystone.asked.length, await broker.head()]).toEqual([before, head]);
    },
  );

  test("leads by its page, and by the one that made it, to the form for giving with its values", async () => {
    const made = await browser.submit(await open("/projects/new"), {
      name: "shop4",
      "at.gx1": "yes",
      "role.member": "yes",
    });
    expect(plainText(made)).toContain("Give shop4-member to somebody");
    const link = /href="([^"]*\/give\?set=shop4-member[^"]*)"/.exec(made.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const give = await browser.open(new URL(link, broker.issuer).href);
    const fields = forms(give).find(({ action }) => action?.endsWith("/give"))?.fields;
    expect(fields).toMatchObject({ set: "shop4-member", "at.gx1": "yes" });
    expect(plainText(await open(`/projects/gx1/${idOf("shop4")}`))).toContain("Give shop4-member to somebody");
    expect(plainText(await open(`/projects/gx1/${idOf("web")}`))).toContain("Let it be given");
  });
});

describe("changing a project", () => {
  test("describes it otherwise; the same again changes nothing", async () => {
    const at = `/projects/gx1/${idOf("dev")}`;
    for (let i = 0; i < 2; i++)
      expect((await call("PUT", `${at}/description`, { description: "tried" })).body).toMatchObject({
        description: "tried",
        enabled: true,
      });
    expect(keystone.asked.filter((one) => one.startsWith("PATCH"))).toHaveLength(1);
    const page = await browser.submit(await open(at), { description: "tried again" });
    expect(plainText(page)).toMatch(/Saved\.[\s\S]*tried again/);
  });

  test("disables it after a look at whom that means, and enables it", async () => {
    const at = `/projects/gx1/${idOf("dev")}`;
    const asked = await open(`${at}/disable`);
    expect(plainText(asked)).toMatch(/Disable dev, gx1\?[\s\S]*member dev Alice Ahrens/);
    expect(plainText(await browser.submit(asked, {}))).toMatch(/Disabled\.[\s\S]*State disabled/);
    expect(keystone.projects.find(({ name }) => name === "dev")?.enabled).toBe(false);
    expect((await call("POST", `${at}/enable`)).body).toMatchObject({ name: "dev", enabled: true });
    expect((await call("POST", `${at}/disable`)).body).toMatchObject({ name: "dev", enabled: false });
    await call("POST", `${at}/enable`);
    const said = broker.lines.filter((line) => line.includes('"event":"project.changed"'));
    expect(said.map((line) => JSON.parse(line).audit.because)).toEqual([
      "described",
      "described",
      "disabled",
      "enabled",
      "disabled",
      "enabled",
    ]);
  });

  test("of another domain is not found, and not written to (S-46)", async () => {
    const foreign = keystone.add({ name: "other", domain_id: "b".repeat(32) });
    for (const act of ["disable", "enable"])
      expect((await call("POST", `/projects/gx1/${foreign.id}/${act}`)).status).toBe(404);
    expect((await call("PUT", `/projects/gx1/${foreign.id}/description`, { description: "x" })).status).toBe(404);
    expect(keystone.projects.at(-1)).toEqual(foreign);
  });

  test("a cloud that is away is a fault, and the audit says that it is not known", async () => {
    const at = `/projects/gx1/${idOf("web")}`;
    keystone.silent = true;
    expect((await call("POST", `${at}/disable`)).status).toBe(503);
    keystone.silent = false;
  });
});
