import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, heading, plainText } from "../../support/browser.ts";
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
