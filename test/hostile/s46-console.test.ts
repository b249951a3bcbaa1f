import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading, plainText } from "../support/browser.ts";
import { askConsole, consoleToken } from "../support/console-login.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, signIn, startDevice } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

// A manager of one customer looks for another customer: by name, by the ids of its people and grants, with tokens that are
// for something else. Seen red: with the comparison left out of `reachTenant`, Alice reads who customer B's people are.

const broker = shared(boot);
let alice: string;
let stranger: string;

const alone = (body: Record<string, unknown>) => ({ ...body, instance: "ID" });
/** What is answered, without the number of the request. */
const answerTo = async (path: string, token = alice) => {
  const { status, body } = await askConsole(broker.issuer, token, path);
  return [status, alone(body)];
};

beforeAll(async () => {
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  // Somebody of customer B has logged in, and is known there.
  const start = await startDevice(broker.issuer, { client_id: "gx1", scope: "openid groups" });
  await decideInBrowser(start.verification_uri_complete, embeddedVisitor("alice@b.example"), "approve");
  const { body } = await poll(broker.issuer, { client_id: "gx1", device_code: start.device_code });
  stranger = String(claimsOf(body["access_token"])["sub"]);
});

describe("S-46: another customer is not there", () => {
  test.each(["", "/people", "/grants", "/grants/dm", "/people/SUB"])("in the API: %s", async (rest) => {
    const path = (tenant: string) => `/tenants/${tenant}${rest.replace("SUB", stranger)}`;
    const [status, body] = await answerTo(path("customer-b"));
    expect(status).toBe(404);
    expect(body).toEqual((await answerTo(path("no-such-customer")))[1]);
  });

  test("nor are its people, by their ids, in one's own", async () => {
    const found = await answerTo(`/tenants/customer-a/people/${stranger}`);
    expect(found).toEqual(await answerTo("/tenants/customer-a/people/p-0000000000000000000000000000000000000000"));
    expect(found[0]).toBe(404);
    expect(JSON.stringify(await answerTo("/tenants/customer-a/people?search=ziegler"))).not.toContain(stranger);
  });

  test("on the pages", async () => {
    const browser = new Browser();
    await signIn(browser, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
    const said = async (path: string) => {
      const page = await browser.open(`${broker.issuer}/console${path}`);
      return `${page.status} ${plainText(page).replace(/[0-9a-f-]{36}/g, "ID")}`;
    };
    for (const rest of ["/people", "/grants", "/grants/dm", `/people/${stranger}`]) {
      expect(await said(`/customer-b${rest}`)).toBe(await said(`/no-such-customer${rest}`));
      expect(await said(`/customer-b${rest}`)).toMatch(/^404 /);
    }
    expect(await said(`/customer-a/people/${stranger}`)).toMatch(/^404 /);
    expect(await said("/customer-a/people")).not.toContain("Ziegler");
  });
});

describe("S-12, S-24: what else somebody may have opens no console", () => {
  test.each([
    ["the issuer itself", undefined],
    ["a cloud", "urn:cloudpass:target:gx1"],
  ])("a token for %s", async (_, resource) => {
    const start = await startDevice(broker.issuer, {
      client_id: "console-tool",
      scope: "openid groups",
      ...(resource && { resource }),
    });
    await decideInBrowser(start.verification_uri_complete, embeddedVisitor("alice@a.example"), "approve");
    const { body } = await poll(broker.issuer, { client_id: "console-tool", device_code: start.device_code });
    expect(body["access_token"]).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await askConsole(broker.issuer, String(body["access_token"]), "/tenants")).status).toBe(401);
  });

  test("a login with a code, though the operator lets the client carry elevated roles", async () => {
    const form = { client_id: "console-tool", scope: "openid groups offline_access" };
    const start = await startDevice(broker.issuer, form);
    await decideInBrowser(start.verification_uri_complete, embeddedVisitor("alice@a.example"), "approve");
    const { body } = await poll(broker.issuer, { client_id: "console-tool", device_code: start.device_code });
    const refresh = await fetch(`${broker.issuer}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        client_id: "console-tool",
        refresh_token: String(body["refresh_token"]),
        resource: "urn:cloudpass:target:console",
      }),
    });
    expect([refresh.status, await refresh.json()]).toMatchObject([400, { error: "invalid_target" }]);
  });

  test("a person with no right to it is told so, and sees nothing", async () => {
    const browser = new Browser();
    await signIn(browser, `${broker.issuer}/login?to=console`, embeddedVisitor("bob@a.example"));
    for (const path of ["/console", "/console/customer-a/people", "/console/customer-a/grants/dm"]) {
      const page = await browser.open(`${broker.issuer}${path}`);
      expect([page.status, heading(page)]).toEqual([403, "You may not open this"]);
      expect(plainText(page)).not.toContain("Ahrens");
    }
  });

  test("nobody who is not signed in", async () => {
    for (const path of ["/console", "/console/customer-a/people"])
      expect(heading(await new Browser().open(`${broker.issuer}${path}`))).toBe("Sign in");
  });
});
