import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/index.ts";
import type { IdentityProviderTables, StageRule } from "../../src/relying-party/index.ts";
import { type Booted, boot } from "../support/boot.ts";
import { Browser, heading, type Page } from "../support/browser.ts";
import { bootWithClients, type WithClients } from "../support/clients.ts";
import { type CodeRequest, codeRequest, decideCode, redeemCode, toCodeConfirmation } from "../support/code-login.ts";
import {
  type DeviceStart,
  decideInBrowser,
  embeddedVisitor,
  type JsonAnswer,
  poll,
  signIn,
  startDevice,
  toConfirmation,
} from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { exchangeAtPortal } from "../support/exchange.ts";
import { pathsOfS35 } from "./s35-paths.ts";

let tables: IdentityProviderTables;
const stagesAre = (...stages: readonly StageRule[]) => {
  tables = { rechecks: [], stages };
};
const rule = (alias: string, stage: StageRule["stage"], testers: string[] = []): StageRule => ({
  alias,
  stage,
  testers,
});
const [a, b] = [rule("customer-a-idp", "active"), rule("customer-b-idp", "active")];
const bob = embeddedVisitor("bob@a.example");

/** Waits until a thing is so; answers after how many milliseconds it was. */
async function until(isSo: () => Promise<boolean>): Promise<number> {
  const began = systemClock.millis();
  while (!(await isSo())) {
    if (systemClock.millis() - began > 6_000) throw new Error("not within 6 s");
    await systemClock.sleep(100);
  }
  return systemClock.millis() - began;
}

describe("S-35: closing an identity provider ends, within 5 s, on every path", () => {
  let broker: WithClients;
  let signedIn: Browser;
  let login: JsonAnswer;
  let other: JsonAnswer;
  let pending: { page: Page; start: DeviceStart };
  let approved: DeviceStart;
  let waiting: { page: Page; request: CodeRequest };
  let code: { request: CodeRequest; callback: URL };
  let done: Page;
  let away: { browser: Browser; page: Page };
  let account: Page;
  let took = 0;
  const went = new Set<string>();
  const goes = (...paths: string[]) => paths.map((path) => went.add(path));
  const device = () => startDevice(broker.issuer, { client_id: "console-tool", scope: renewable });
  const userinfo = (path = "/userinfo", method = "GET") =>
    fetch(`${broker.issuer}${path}`, {
      method,
      headers: { authorization: `Bearer ${String(login.body["access_token"])}` },
    }).then((answer) => answer.status);
  const isActive = async () =>
    (await broker.asSecret("/introspect", "cloud", { token: String(gx1.body["access_token"]) })).body["active"];
  let gx1: JsonAnswer;

  beforeAll(async () => {
    stagesAre(a, b);
    broker = await bootWithClients({ identityProviders: () => tables });
    signedIn = new Browser();
    login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser: signedIn });
    gx1 = await logIn(broker.issuer, { client_id: "gx1", scope: "openid" }, { browser: signedIn });
    other = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { email: "alice@b.example" });
    const start = await device();
    pending = { start, page: await toConfirmation(signedIn, start.verification_uri_complete, bob) };
    approved = await device();
    done = await decideInBrowser(approved.verification_uri_complete, bob, "approve", signedIn);
    const first = codeRequest(broker.issuer, "console-tool");
    code = { request: first, callback: await decideCode(first, bob, "approve", signedIn) };
    const second = codeRequest(broker.issuer, "console-tool");
    waiting = { request: second, page: await toCodeConfirmation(second, bob, signedIn) };
    account = await signedIn.open(`${broker.issuer}/account`);
    const browser = new Browser();
    const asked = await browser.open(`${broker.issuer}/login`);
    away = { browser, page: await browser.submit(asked, { email: bob.email }) };
    // All of it is good until then: what follows fails for the one reason.
    expect([heading(pending.page), heading(waiting.page)]).toEqual(["Is this you?", "Log in to a program?"]);
    expect([await userinfo(), await userinfo("/targets"), await isActive()]).toEqual([200, 200, true]);
    expect(outcome(await exchangeAtPortal(broker, login.body["access_token"]))).toBe("200");
    stagesAre({ ...a, stage: "suspended" }, b);
    took = await until(async () => (await userinfo()) === 401);
  });
  afterAll(() => broker?.stop());

  test("it is noticed within 5 s", () => {
    expect(took).toBeLessThan(5_000);
  });

  test("new logins", async () => {
    goes("GET /login", "POST /login");
    const browser = new Browser();
    const page = await browser.open(`${broker.issuer}/login?tenant=customer-a`);
    expect(heading(page)).toBe("Your organization’s sign-in is switched off");
    const asked = await browser.open(`${broker.issuer}/login`);
    expect(heading(await browser.submit(asked, { email: bob.email }))).toBe(
      "Your organization’s sign-in is switched off",
    );
  });

  test("callbacks under way", async () => {
    goes("GET /login/callback");
    const page = await bob.signIn(away.browser, away.page);
    expect(heading(page)).toBe("Your organization’s sign-in is switched off");
    expect(heading(await away.browser.open(`${broker.issuer}/account`))).toBe("Sign in");
  });

  test("refreshes, exchanges, device codes and authorization codes", async () => {
    goes("POST /token");
    expect(outcome(await refresh(broker.issuer, login.body["refresh_token"]))).toBe("400 invalid_grant");
    expect(outcome(await exchangeAtPortal(broker, login.body["access_token"]))).toBe("400 invalid_request");
    const device_code = approved.device_code;
    expect(outcome(await poll(broker.issuer, { client_id: "console-tool", device_code }))).toBe("400 invalid_grant");
    expect(outcome(await redeemCode(broker.issuer, "console-tool", code.request, code.callback))).toBe(
      "400 invalid_grant",
    );
  });

  test("pending device approvals", async () => {
    goes(
      "GET /device",
      "POST /device",
      "GET /device/confirm",
      "POST /device/confirm",
      "GET /device/done",
      "POST /device/disown",
    );
    const page = await signedIn.submit(pending.page, { decision: "approve" });
    expect(heading(page)).toBe("Please sign in first");
    const { device_code } = pending.start;
    expect(outcome(await poll(broker.issuer, { client_id: "console-tool", device_code }))).toBe(
      "400 authorization_pending",
    );
    expect(heading(await signedIn.submit(done, {}))).toBe("Please sign in first");
    for (const path of ["/device", "/device/confirm", new URL(done.url).pathname]) {
      expect(heading(await signedIn.open(`${broker.issuer}${path}`)), path).toBe("Sign in");
    }
  });

  test("pending authorizations", async () => {
    goes("GET /authorize", "GET /authorize/confirm", "POST /authorize/confirm");
    const page = await signedIn.submit(waiting.page, { decision: "approve" }, { stopAt: waiting.request.redirectUri });
    expect(page.stopped === undefined ? "" : (new URL(page.stopped).searchParams.get("code") ?? "")).toBe("");
    expect(heading(await signedIn.open(codeRequest(broker.issuer, "console-tool").url))).toBe("Sign in");
    expect(heading(await signedIn.open(waiting.page.url))).toBe("Sign in");
  });

  test("account sessions", async () => {
    goes("GET /account", "POST /account/end");
    expect(heading(await signedIn.open(`${broker.issuer}/account`))).toBe("Sign in");
    expect(heading(await signedIn.submit(account, {}))).toBe("Please sign in first");
  });

  test("access tokens at our own endpoints, and in the eyes of who asks about them", async () => {
    goes("GET /userinfo", "POST /userinfo", "GET /targets", "POST /introspect");
    expect([await userinfo(), await userinfo("/userinfo", "POST"), await userinfo("/targets")]).toEqual([
      401, 401, 401,
    ]);
    expect(await isActive()).toBe(false);
  });

  test("and the list of paths has been gone through", () => {
    const listed = Object.entries(pathsOfS35).flatMap(([path, what]) => (what === "ends" ? [path] : []));
    expect([...went].sort()).toEqual(listed.sort());
  });

  test("nobody else is touched", async () => {
    expect(outcome(await refresh(broker.issuer, other.body["refresh_token"]))).toBe("200");
  });

  test("the change is in the audit", () => {
    const line = broker.lines.find((text) => text.includes('"upstream.stage_changed"'));
    expect(JSON.parse(line ?? "{}")["audit"]).toMatchObject({
      upstream: "customer-a-idp",
      stage: "suspended",
      before: "active",
    });
  });

  test("opened again, what was taken before stays dead, and new logins begin", async () => {
    stagesAre(a, b);
    const open = async () =>
      heading(await new Browser().open(`${broker.issuer}/login?tenant=customer-a`)) === "Sign-in of customer-a-idp";
    await until(open);
    expect([await userinfo(), await isActive()]).toEqual([401, false]);
    expect(heading(await signedIn.open(`${broker.issuer}/account`))).toBe("Sign in");
    expect((await logIn(broker.issuer, { client_id: "console-tool", scope: renewable })).status).toBe(200);
  });
});

describe("S-35: while it is tried out", () => {
  let broker: Booted;
  beforeEach(async () => {
    stagesAre(rule("customer-a-idp", "testing", ["alice", "guest@a.example"]), b);
    broker = await boot({ identityProviders: () => tables });
  });
  afterEach(() => broker.stop());
  const arrive = async (email: string) =>
    heading(await signIn(new Browser(), `${broker.issuer}/device`, embeddedVisitor(email)));

  test("named testers come in, by user name or address; everybody else is told why not", async () => {
    expect(await arrive("alice@a.example")).toBe("Log in a terminal");
    expect(await arrive("guest@a.example")).toBe("Log in a terminal");
    expect(await arrive("bob@a.example")).toBe("Only testers may sign in for now");
    // The same user name at another customer is another person.
    expect(await arrive("alice@b.example")).toBe("Log in a terminal");
  });

  test("back from active, testers stay and the others are out", async () => {
    stagesAre(a, b);
    await until(async () => (await arrive("bob@a.example")) === "Log in a terminal");
    const form = { client_id: "console-tool", scope: renewable };
    const [ofBob, ofAlice] = [
      await logIn(broker.issuer, form),
      await logIn(broker.issuer, form, { email: "alice@a.example" }),
    ];
    stagesAre(rule("customer-a-idp", "testing", ["alice"]), b);
    await until(async () => (await arrive("bob@a.example")) === "Only testers may sign in for now");
    expect(outcome(await refresh(broker.issuer, ofBob.body["refresh_token"]))).toBe("400 invalid_grant");
    expect(outcome(await refresh(broker.issuer, ofAlice.body["refresh_token"]))).toBe("200");
  });

  test("an identity provider that the files no longer name lets nobody in", async () => {
    stagesAre(b);
    const shown = async () => heading(await new Browser().open(`${broker.issuer}/login?tenant=customer-a`));
    await until(async () => (await shown()) === "Your organization’s sign-in is switched off");
    expect(await arrive("alice@b.example")).toBe("Log in a terminal");
  });
});
