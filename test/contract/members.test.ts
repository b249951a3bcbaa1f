import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type IdentityProviderAlias,
  memberUsername,
  Secret,
  seconds,
  systemClock,
  systemRandom,
} from "../../src/core/index.ts";
import { makeKeySet } from "../../src/issuer/index.ts";
import { makeKey } from "../../src/issuer/keys/stored-key.ts";
import { applyRealm, loadRealms, type Members, planRealm, realmMembers } from "../../src/realms/index.ts";
import { connectRealm, type Realm, type Through } from "../../src/relying-party/realm.ts";
import { Browser, forms, type Page, plainText } from "../support/browser.ts";
import { drive } from "../support/keycloak-browser.ts";
import { listen, stopServer } from "../support/loopback.ts";
import { type MailSink, startMailSink } from "../support/mail-sink.ts";
import { ownKeycloak } from "./own-keycloak.ts";

// People without an identity provider on a real Keycloak (decision 0075): invited by mail, signed in, taken out again, by an account
// that has two roles of the realm's administration and no more.

const keycloak = ownKeycloak();
const alias = "c-members" as IdentityProviderAlias;
const deps = { clock: systemClock, random: systemRandom };
let mail: MailSink;
let realm: Realm;
let members: Members;
let ofD: Members;
let jwks: ReturnType<typeof createServer>;
let broker: string;

const file = (smtp: string) => `
kind: Realm
realm: r
settings: {${smtp}}
broker: {issuer: "${broker}"}
organizations:
  - {id: c, name: C, domains: [c.example], members: c-members}
  - {id: d, name: D, domains: [d.example], members: d-members}
`;

async function apply(text: string): Promise<void> {
  const loaded = loadRealms([{ file: "r.yaml", text }], () => "secret");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded));
  const applied = await applyRealm(await planRealm(spec, keycloak.connection, deps));
  expect(applied.outcome).toBe("applied");
  expect((await planRealm(spec, keycloak.connection, deps)).plan.steps).toEqual([]);
}

/** The account of `upstream.members`, as the how-to page makes it. */
async function narrowAccount(): Promise<void> {
  const { admin } = keycloak;
  const id = String(
    await admin.call("POST", "/r/clients", {
      ...{ clientId: "cloudpass-members", secret: "s", publicClient: false },
      ...{ serviceAccountsEnabled: true, standardFlowEnabled: false },
    }),
  );
  const account = await admin.get(`/r/clients/${id}/service-account-user`);
  const [management] = await admin.list("/r/clients?clientId=realm-management");
  const roles = await admin.list(`/r/clients/${String(management?.["id"])}/roles`);
  const few = roles.filter(({ name }) => name === "manage-organizations" || name === "manage-users");
  await admin.call(
    "POST",
    `/r/users/${String(account["id"])}/role-mappings/clients/${String(management?.["id"])}`,
    few,
  );
}

beforeAll(async () => {
  const signs = await makeKey("client", "active", systemClock);
  jwks = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(makeKeySet([signs], "client").jwks));
  });
  broker = `http://${await listen(jwks)}`;
  mail = await startMailSink();
  await apply(file(`smtp: {host: 127.0.0.1, port: ${mail.port}, from: broker@x.example}`));
  await narrowAccount();
  const { url } = keycloak.rig;
  const credentials = { kind: "client", clientId: "cloudpass-members", secret: new Secret("s") } as const;
  const open = realmMembers({ url, realm: "r", credentials }, { realm: "r", clientId: "cloudpass" }, deps);
  [members, ofD] = [open("c", alias), open("d", "d-members" as IdentityProviderAlias)];
  const options = {
    ...{ issuer: `${url}/realms/r`, clientId: "cloudpass", allowInsecureLoopback: true, timeout: seconds(20) },
    scopes: ["openid", "profile", "email", "offline_access"],
  };
  realm = connectRealm({ issuer: broker, options, clientKey: () => signs, clock: systemClock });
}, 240_000);
afterAll(async () => {
  await mail?.stop();
  await stopServer(jwks);
});

/** The code of an authenticator app (RFC 6238). */
function codeOf(secret: string, counter = Math.floor(Date.now() / 30_000)): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(counter));
  const hash = createHmac("sha1", secret).update(bytes).digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const linkIn = (to: string, back = 1): string =>
  /https?:\/\/[^\s"<]+/
    .exec(mail.mails.filter((one) => one.to === to).at(-back)?.text ?? "")?.[0]
    .replaceAll("&#61;", "=") ?? "";

/** Follows an invitation to its end; answers the last page and the secret of the second factor. */
async function accept(link: string, password: string): Promise<{ page: Page; secret: string }> {
  const browser = new Browser();
  let page = await browser.open(link);
  let secret = "";
  for (let i = 0; i < 4; i++) {
    const [form] = forms(page);
    const asks = (name: string) => form?.inputs.find((input) => input.name === name);
    const onward = /href="([^"]*login-actions\/(?:action-token|required-action)[^"]*)"/.exec(page.text)?.[1];
    if (form && asks("password-new"))
      page = await browser.send(form, { "password-new": password, "password-confirm": password });
    else if (form && asks("totpSecret")) {
      secret = asks("totpSecret")?.value ?? "";
      page = await browser.send(form, { totp: codeOf(secret), userLabel: "app" });
    } else if (onward !== undefined) page = await browser.open(onward.replaceAll("&amp;", "&"));
    else break;
  }
  return { page, secret };
}

const login = { state: "s".repeat(32), nonce: "n".repeat(32), verifier: "v".repeat(64) };
async function signIn(through: Through, password: string, secret: string, username: string) {
  const browser = new Browser();
  const url = await realm.authorizationUrl({ ...login, through, fresh: false });
  const first = await drive(
    browser,
    await browser.open(url.href, `${broker}/login/callback`),
    `${broker}/login/callback`,
    { username, password },
  );
  const otp = forms(first.page).find(({ inputs }) => inputs.some(({ name }) => name === "otp"));
  const page =
    otp &&
    (await browser.send(otp, { otp: codeOf(secret, Math.floor(Date.now() / 30_000) + 1) }, `${broker}/login/callback`));
  const done = first.done ?? (page?.stopped === undefined ? undefined : new URL(page.stopped));
  return done === undefined ? undefined : realm.redeem(done, login);
}

const zoe = { email: "zoe@c.example", firstName: "Zoe", lastName: "Zahn" };
const invite = async (who: typeof zoe) => {
  const { id, isNew } = await members.make(who);
  expect(isNew).toBe(true);
  expect(await members.sendLink(id, seconds(3600))).toBe(true);
  return id;
};

describe("a member of an organization", { timeout: 120_000 }, () => {
  test("is invited by a link that works once, signs in with a second factor, and is out when removed", async () => {
    const id = await invite(zoe);
    expect(await members.list()).toMatchObject([{ ...zoe, id, state: "invited", hasSecondFactor: false }]);
    expect(await members.named("ZOE@c.example")).toMatchObject({ id });
    expect(await members.hasCredentials(id)).toBe(false);
    const { secret } = await accept(linkIn(zoe.email), "a long password");
    expect(await members.hasCredentials(id)).toBe(true);
    expect(await members.find(id)).toMatchObject({ state: "active", hasSecondFactor: true });
    expect(plainText((await accept(linkIn(zoe.email), "another one")).page)).toMatch(
      /no longer valid|expired|already/i,
    );
    const name = memberUsername(alias, zoe.email);
    const answer = await signIn({ organization: "c", username: name }, "a long password", secret, name);
    if (!answer?.ok) throw new Error(JSON.stringify(answer));
    const { claims, refreshToken = "" } = answer.value;
    expect(claims).toMatchObject({ sub: id, member_of: "c", organization: ["c"], upstream_username: zoe.email });
    expect(claims).not.toHaveProperty("identity_provider");
    expect(claims).not.toHaveProperty("member_groups");
    expect(await members.setGroups(id, ["ops", "Café devs"])).toBe(true);
    expect(await members.find(id)).toMatchObject({ ...zoe, groups: ["Café devs", "ops"], hasSecondFactor: true });
    const again = await realm.refresh(refreshToken, id);
    expect(again).toMatchObject({ ok: true, value: { claims: { organization: ["c"] } } });
    expect(again.ok && new Set(again.value.claims["member_groups"] as string[])).toEqual(new Set(["ops", "Café devs"]));
    expect(await members.setGroups(id, [])).toBe(true);
    expect(await members.find(id)).toMatchObject({ groups: [], state: "active" });
    await members.remove(id);
    expect(await members.list()).toEqual([]);
    expect(await realm.refresh(again.ok ? (again.value.refreshToken ?? "") : "", id)).toMatchObject({ ok: false });
  });

  test("invited again after the first account went has one link that works", async () => {
    const first = await invite(zoe);
    await members.remove(first);
    const second = await invite(zoe);
    expect(second).not.toBe(first);
    await accept(linkIn(zoe.email, 2), "by the old link");
    expect(await members.find(second)).toMatchObject({ state: "invited" });
    // An account that was half made is finished, and not made twice.
    expect(await members.make(zoe)).toEqual({ id: second, isNew: false });
    await members.remove(second);
    const racers = await Promise.all([1, 2, 3].map(() => members.make(zoe)));
    expect(racers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(racers.map(({ id }) => id)).size).toBe(1);
    await members.remove(racers[0]?.id ?? "");
  });

  test("is disabled, enabled, gets a password for one sign-in and another second factor", async () => {
    const { id } = await members.make(zoe);
    expect(await members.sendLink(id, seconds(600))).toBe(true);
    await accept(linkIn(zoe.email), "a long password");
    await members.enable(id, false);
    expect(await members.find(id)).toMatchObject({ ...zoe, state: "disabled" });
    await members.enable(id, true);
    await members.forgetSecondFactor(id);
    expect(await members.find(id)).toMatchObject({ ...zoe, state: "active", hasSecondFactor: false });
    const { requiredActions, attributes } = await keycloak.admin.get(`/r/users/${id}`);
    expect([requiredActions, attributes]).toMatchObject([["CONFIGURE_TOTP"], { "cloudpass.member": ["c"] }]);
    await members.setFirstPassword(id, "for once");
    expect((await keycloak.admin.get(`/r/users/${id}`))["requiredActions"]).toContain("UPDATE_PASSWORD");
    await members.remove(id);
  });
});

describe("of others", { timeout: 60_000 }, () => {
  test("nobody is found: another tenant's, and no account of the realm that was not made for it", async () => {
    const { admin } = keycloak;
    const { id: theirs } = await ofD.make({ ...zoe, email: "max@d.example" });
    const byHand = String(await admin.call("POST", "/r/users", { username: "hand", enabled: true }));
    const [organization] = await admin.list("/r/organizations?search=C&exact=true");
    await admin.call("POST", `/r/organizations/${String(organization?.["id"])}/members`, byHand);
    for (const id of [theirs, byHand, "00000000-0000-0000-0000-000000000000", "../users"])
      expect(await members.find(id), id).toBeUndefined();
    await expect(members.enable(theirs, false)).rejects.toThrow("not there");
    await expect(members.setFirstPassword(theirs, "for once")).rejects.toThrow("not there");
    expect((await members.list()).map(({ id }) => id)).not.toContain(byHand);
  });

  test("who is in another organization, too, is only unlinked from this one", async () => {
    const { admin } = keycloak;
    const { id } = await members.make(zoe);
    const [organization] = await admin.list("/r/organizations?search=D&exact=true");
    await admin.call("POST", `/r/organizations/${String(organization?.["id"])}/members`, id);
    expect(await members.isElsewhere(id)).toBe(true);
    await members.remove(id);
    expect(await members.find(id)).toBeUndefined();
    expect(await admin.get(`/r/users/${id}`)).toMatchObject({ enabled: true });
  });
});

test("without a mail server no link is sent, and it is said", { timeout: 60_000 }, async () => {
  await keycloak.admin.call("PUT", "/r", { smtpServer: {} });
  const { id } = await members.make({ ...zoe, email: "eva@c.example" });
  expect(await members.sendLink(id, seconds(60))).toBe(false);
});
