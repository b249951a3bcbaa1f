import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { systemClock, type TargetName } from "../../src/core/index.ts";
import { keepTargetState } from "../../src/operations/index.ts";
import type { Store } from "../../src/store/index.ts";
import type { Booted, BootOptions } from "./boot.ts";
import { type DeviceStart, poll, postForm } from "./device-login.ts";
import { accessPages, letAsk } from "./gallery-access.ts";
import { keyHolder } from "./key-holder.ts";
import { inMemoryMembers } from "./members-in-memory.ts";
import { startSmallKeystone } from "./small-keystone.ts";
import { bootWithRepository } from "./tenant-repository.ts";

/** Every page a person can meet, in a real browser: for looking at them and for judging them. */

const [here, elsewhere] = ["198.51.100.7", "203.0.113.9"];
const scope = "openid profile email groups offline_access";

/** A broker whose clients show every variant of the confirmation page. */
export async function bootGallery(options: BootOptions = {}): Promise<Booted> {
  const keystone = await startSmallKeystone("gx1");
  keystone.add({ name: "dev", description: "Where everything is tried" });
  keystone.add({ name: "prod" });
  keystone.add({ name: "old-shop", enabled: false });
  const booted = await bootWithRepository({
    prepare: async (folder) => {
      const file = join(folder, "policies/targets.yaml");
      await writeFile(file, (await readFile(file, "utf8")).replace("[customer-b-idp]", "[customer-b-idp, mill-idp]"));
    },
    keptTargets: ["gx1", "gx2", "prod1"],
    members: inMemoryMembers((alias) => (alias === "customer-a-idp" ? "customer-a" : undefined)).access,
    ...options,
    yaml: `trustedProxies: [127.0.0.1]
clients:
  - {id: strict, name: Strict tool, deviceOrigin: deny}
  - {id: loose, name: Loose tool, deviceOrigin: allow-insecure}
endpoints: {gx1: "${keystone.url}", gx2: "http://127.0.0.1:9/v3"}
scim: [{identityProvider: customer-a-idp}]
`,
  });
  await letAsk(booted);
  return { ...booted, stop: () => booted.stop().finally(keystone.stop) };
}

/** What is done with each page. */
export type Look = (name: string, page: Page) => Promise<void>;

/** Walks through every page of the broker as alice of customer A; `look` sees each under its name. */
export async function walkGallery(context: BrowserContext, { issuer, idp, broker }: Booted, look: Look): Promise<void> {
  await cloudIsAway(broker.store, "gx2" as TargetName);
  await context.setExtraHTTPHeaders({ "x-forwarded-for": here });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  const press = async (selector: string) => {
    await Promise.all([page.waitForEvent("framenavigated"), page.click(selector)]);
    await page.waitForLoadState("load");
  };
  const go = (path: string) => page.goto(path.startsWith("http") ? path : `${issuer}${path}`);
  const walk: Walk = { issuer, idp: idp.issuer, page, press, go, look };
  await signIn(walk);
  await confirmations(walk);
  await endings(walk);
  await account(walk);
  await ofConsole(walk);
  await cameTooLate(walk);
  await projects(walk);
  await members(walk);
  await directory(walk);
  await accessPages(walk);
  await refusals(walk);
  await programs(walk);
  await page.close();
}

/** One cloud does not answer, as the instance that keeps it says. */
const cloudIsAway = (store: Store, target: TargetName): Promise<void> =>
  keepTargetState(store, target, {
    ...{ at: systemClock.now(), commit: undefined, wanted: { whole: "", ofTenant: new Map() } },
    ended: { state: "failed", reason: "away" },
  });

/** Looks at a page that leads on by itself: the way on is held back until it was tried and the page was seen. */
async function heldBack(page: Page, where: string, see: () => Promise<void>): Promise<void> {
  const tried = page.waitForResponse((response) => response.url().startsWith(where));
  await page.route(`${where}**`, (route) => route.fulfill({ status: 204 }));
  await see();
  await tried;
  await page.unroute(`${where}**`);
}

/** A walk through the pages, in a browser that is alice's. */
export interface Walk {
  readonly issuer: string;
  readonly idp: string;
  readonly page: Page;
  readonly look: Look;
  press(selector: string): Promise<unknown>;
  go(path: string): Promise<unknown>;
}

const begin = async (issuer: string, client_id: string, from: string): Promise<DeviceStart> => {
  const agent = { "x-forwarded-for": from, "user-agent": "openstacksdk/4.4 keystoneauth1/5.10" };
  return (await postForm(`${issuer}/device_authorization`, { client_id, scope }, agent)).body as unknown as DeviceStart;
};

async function signIn({ page, go, press, look, idp }: Walk): Promise<void> {
  await go("/login?tenant=customer-b");
  await look("choose", page);
  await go("/login/failed");
  await look("provider-failed", page);
  await go("/device");
  await look("sign-in", page);
  await page.fill("#email", "alice@a.example");
  await heldBack(page, `${idp}/`, async () => {
    await press("button");
    await look("leaving", page);
  });
  await press("a.button");
  await page.fill("[name=username]", "alice");
  await page.fill("[name=password]", "alice");
  await press("button");
  await page.waitForURL(/\/device$/);
  await look("enter-code", page);
}

/** Follows a link to the confirmation page. */
async function follow(w: Walk, client: string, from: string): Promise<DeviceStart> {
  const start = await begin(w.issuer, client, from);
  await w.go(start.verification_uri_complete);
  await w.press("button");
  return start;
}

async function confirmations(w: Walk): Promise<void> {
  const { page, go, press, look, issuer } = w;
  const near = await begin(issuer, "cloudpass", here);
  await go(near.verification_uri_complete);
  await look("enter-link", page);
  await press("button");
  await look("confirm", page);
  await press("button[value=approve]");
  await look("done", page);
  const dpop = await (await keyHolder()).proof("POST", `${issuer}/token`);
  await poll(issuer, { client_id: "cloudpass", device_code: near.device_code }, { dpop });
  await follow(w, "gx1", elsewhere);
  await look("confirm-far", page);
  await page.fill("#tail", "BBBB");
  await press("button[value=approve]");
  await look("confirm-far-wrong", page);
  await follow(w, "loose", elsewhere);
  await look("confirm-far-allowed", page);
}

async function endings(w: Walk): Promise<void> {
  const { page, press, look } = w;
  await follow(w, "gx1", here);
  await press("button[value=deny]");
  await look("refused", page);
  await follow(w, "gx1", here);
  await press("button[value=approve]");
  await press("form[action='/device/disown'] button");
  await look("ended", page);
}

async function account(w: Walk): Promise<void> {
  const { page, go, press, look, issuer } = w;
  const second = await follow(w, "prod1", here);
  await press("button[value=approve]");
  await poll(issuer, { client_id: "prod1", device_code: second.device_code });
  await go("/account");
  await look("account", page);
  await press("button[value=disowned]");
  await look("account-ended", page);
}

async function ofReviews({ page, go, press, look }: Walk): Promise<void> {
  await go("/console/customer-a/reviews");
  await look("console-reviews", page);
  await press("main form button");
  await look("console-review", page);
  await page.selectOption("[name='do.dev']", { index: 2 });
  await page.fill("#until", "2099-01-31");
  await press("button[value=save]");
  await look("console-review-preview", page);
  await press("main form button");
  await press("button[value=keep-rest]");
  await look("console-review-decided", page);
  await press("main form button");
  await look("console-review-result", page);
}

async function ofConsole(w: Walk): Promise<void> {
  const { page, go, press, look } = w;
  await go("/console");
  await look("console-people", page);
  await page.fill("#search", "nobody");
  await press("button");
  await look("console-none-found", page);
  await go("/console");
  await press("tbody a");
  await look("console-person", page);
  await press("main a[href$='/end']");
  await look("console-end", page);
  await press("nav a[href$='/grants']");
  await look("console-grants", page);
  await go("/console/customer-a/places");
  await look("console-places", page);
  await press("tbody a");
  await look("console-place", page);
  await go("/console/customer-a/rules");
  await look("console-rules", page);
  await go("/console/customer-a/rules/sets?name=developer");
  await look("console-rule", page);
  await page.fill("#text", "- openstack: { role: admin, on: domain }");
  await press("button[value=preview]");
  await look("console-rule-refused", page);
  await press("nav a[href$='/grants']");
  await press("tbody a");
  await look("console-grant", page);
  await go("/console/customer-b/people");
  await look("console-not-found", page);
  await go("/console/customer-a/give");
  await look("console-give", page);
  await press("main button");
  await look("console-give-problem", page);
  await go("/console");
  await press("tbody a");
  await press("main a.button");
  await look("console-give-person", page);
  await page.selectOption("#set", "auditor");
  await page.check("[name='at.gx1']");
  await page.check("[name='at.gx2']");
  await page.fill("#last-day", "2099-01-31");
  await page.fill("#reason", "a review");
  await press("main button");
  await look("console-give-preview", page);
  await press("button[value=save]");
  await look("console-changes-saved", page);
  await go("/console/customer-a/grants/auditor-person-alice");
  await press("main button.deny");
  await look("console-take-back", page);
  await go("/console/customer-a/changes");
  await look("console-changes", page);
  await press("main button");
  await look("console-changes-undone", page);
  await ofReviews(w);
  await go("/console/customer-a/grants/audit-console");
  await press("main button.deny");
  await look("console-take-back-refused", page);
}

/** A form is sent after a new sign-in ended the session that it was given to, by a browser that still shows the old one. */
async function cameTooLate({ page, go, press, look, issuer }: Walk): Promise<void> {
  const context = page.context();
  await go("/console/customer-a/people");
  await press("tbody a");
  await press("main a[href$='/end']");
  const before = (await context.cookies(issuer)).filter(({ name }) => name === "cloudpass");
  const other = await context.newPage();
  const signIn = async (at: Page) => {
    await at.click("main button");
    await at.waitForURL(/\/(account|console)/);
  };
  await other.goto(`${issuer}/login?tenant=customer-a&to=account`);
  await signIn(other);
  await other.close();
  await context.addCookies(before);
  await press("main button.deny");
  await page.fill("#email", "alice@a.example");
  await signIn(page);
  await look("console-came-too-late", page);
}

async function members({ page, go, press, look }: Walk): Promise<void> {
  await go("/console/customer-a/invite");
  await look("console-invite", page);
  const invite = async (email: string, by: string) => {
    await page.fill("#email", email);
    await page.fill("#first-name", "Zoe");
    await page.fill("#last-name", "Zahn");
    await press(`button[value=${by}]`);
  };
  await invite("zoe", "mail");
  await look("console-invite-problem", page);
  await invite("zoe@a.example", "mail");
  await look("console-member", page);
  await press("main a[href$='/remove']");
  await look("console-member-remove", page);
  await go("/console/customer-a/invite");
  await invite("zahn@a.example", "password");
  await look("console-member-password", page);
  await go("/console/customer-a/members");
  await look("console-members", page);
  await go("/console/customer-a/invite-many");
  await page.fill("#table", "email;first_name;last_name\neva@a.example;Eva;Ehr\nzoe@a.example;Zoe;Zahn\nnobody;N;O");
  await press("button[value=look]");
  await look("console-invite-many", page);
}

async function directory({ page, go, press, look }: Walk): Promise<void> {
  const make = async (days: string) => {
    await page.fill("#days", days);
    await press("main form button");
  };
  await go("/console/customer-a/directory");
  await make("many");
  await look("console-directory-problem", page);
  await make("30");
  await look("console-directory-token", page);
  await go("/console/customer-a/directory");
  await look("console-directory", page);
}

async function projects(w: Walk): Promise<void> {
  const { page, go, press, look } = w;
  await go("/console/customer-a/projects");
  await look("console-projects", page);
  await press("tbody a[href*='/gx1/']");
  await look("console-project", page);
  await press("main a[href$='/disable']");
  await look("console-project-disable", page);
  await go("/console/customer-a/projects/new");
  await look("console-project-new", page);
  await press("main form[action$='/new'] button");
  await look("console-project-problem", page);
  await page.fill("#name", "shop");
  await page.fill("#description", "The new shop");
  for (const box of ["at.gx1", "at.gx2", "role.member"]) await page.check(`[name='${box}']`);
  await press("main form[action$='/new'] button");
  await look("console-project-made", page);
}

async function refusals(w: Walk): Promise<void> {
  const { page, go, press, look } = w;
  await go("/device");
  await page.fill("#user_code", "hello, world");
  await press("button");
  await look("malformed-code", page);
  await page.fill("#user_code", "BCDF-GHJK-LMNP");
  await press("button");
  await look("unknown-code", page);
  await follow(w, "strict", elsewhere);
  await look("another-network", page);
  await go("/nowhere");
  await look("not-found", page);
  await go("/accessibility");
  await look("accessibility", page);
  await go("/login/callback?state=unknown");
  await look("sign-in-over", page);
  await go("/login?tenant=customer-a&to=account");
  await look("sign-in-again", page);
}

async function programs(w: Walk): Promise<void> {
  const { page, go, press, look } = w;
  const back = "http://127.0.0.1:9/callback";
  const query = new URLSearchParams({
    ...{ client_id: "cloudpass", response_type: "code", redirect_uri: back, scope },
    ...{ code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" },
  });
  await go("/authorize?client_id=cloudpass&redirect_uri=https://wrong.example");
  await look("authorize-refused", page);
  await go(`/authorize?${query}`);
  await look("authorize", page);
  const confirmation = page.url();
  await heldBack(page, back, async () => {
    await press("button[value=approve]");
    await look("returning", page);
  });
  await go(confirmation);
  await look("decided-before", page);
  await go("/end_session");
  await look("sign-out", page);
  await press("button");
  await look("signed-out", page);
}
