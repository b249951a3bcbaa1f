import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimAt, Secret, systemClock, systemRandom, writtenClaim } from "../../src/core/index.ts";
import { rulesFor } from "../../src/http-client/index.ts";
import { applyRealm, loadRealms, makeDiscover, planRealm } from "../../src/realms/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { Browser } from "../support/browser.ts";
import { drive } from "../support/keycloak-browser.ts";
import { type RelyingParty, startRelyingParty } from "../support/relying-party.ts";
import { type SayingIdp, startSayingIdp } from "../support/saying-idp.ts";

// One setting names a claim: Keycloak reads it at a login, `idp test-login` before there is one, the broker at each refresh.

/** What stands under `from`, and what the identity provider says. */
interface Case {
  readonly from: string;
  readonly idToken?: Record<string, unknown>;
  readonly userinfo?: Record<string, unknown>;
}

const cases: readonly Case[] = [
  { from: "plain", idToken: { plain: ["a"] } },
  // With a scheme before them `validate` refuses these two, since nobody means them so.
  { from: "dots.example/roles", idToken: { "dots.example/roles": ["a"] } },
  { from: "path.example/roles", idToken: { path: { "example/roles": ["a"] } } },
  { from: "https://escaped\\.example/roles", idToken: { "https://escaped.example/roles": ["a"] } },
  { from: "https://userinfo\\.example/roles", userinfo: { "https://userinfo.example/roles": ["a"] } },
  { from: writtenClaim("https://name.example/v1.0\\x"), userinfo: { "https://name.example/v1.0\\x": ["a"] } },
  { from: "nested1.app.roles", idToken: { nested1: { app: { roles: ["a", "b"] } } } },
  { from: "nested2.my\\.app.roles", userinfo: { nested2: { "my.app": { roles: ["a", "b"] } } } },
  { from: "nested3.absent", idToken: { nested3: { present: ["a"] } } },
  { from: "text1.more", idToken: { text1: "a" }, userinfo: { text1: "b" } },
  { from: "list1.more", idToken: { list1: ["a"] } },
  { from: "list2.more", userinfo: { list2: ["a"] } },
  { from: "place2[1]", userinfo: { place2: ["a", "b"] } },
  { from: "place3[ 1 ].name", userinfo: { place3: [{ name: "a" }, { name: "b" }] } },
  { from: "place4[7]", userinfo: { place4: ["a"] } },
  { from: "place5[x]", userinfo: { "place5[x]": ["a"], place5: ["b"] } },
  { from: "place8[+0].name", userinfo: { place8: [{ name: "a" }] } },
  { from: "place6[0]", userinfo: { place6: "a text" } },
  { from: "place7[0]", idToken: { "place7[0]": ["a"] } },
  { from: "]odd1", idToken: { "]odd1": ["a"] } },
  { from: "odd2]", userinfo: { "odd2]": ["a"] } },
  { from: ".first", idToken: { ".first": ["a"] } },
  { from: "two..dots", idToken: { two: { ".dots": ["a"] } } },
  { from: "last.", idToken: { last: ["a"] } },
  { from: "last2.", userinfo: { last2: ["a"] } },
  { from: "back\\\\slash", idToken: { "back\\slash": ["a"] } },
  { from: "back2\\\\.slash", idToken: { "back2\\": { slash: ["a"] } } },
  { from: "end\\", idToken: { "end\\": ["a"] } },
  { from: "a\\b", idToken: { ab: ["a"] } },
  { from: "größe.名前", idToken: { größe: { 名前: ["ä"] } } },
  { from: "grün\\.名😀", userinfo: { "grün.名😀": ["ä"] } },
  { from: "both1", idToken: { both1: ["token"] }, userinfo: { both1: ["userinfo"] } },
  { from: "both2", idToken: { both2: null }, userinfo: { both2: ["userinfo"] } },
  { from: "both3", idToken: { both3: [] }, userinfo: { both3: ["userinfo"] } },
  { from: "blank space", idToken: { "blank space": ["a"] } },
  { from: "constructor", idToken: {} },
  { from: "number1", idToken: { number1: 5 } },
  { from: "number2", userinfo: { number2: 5 } },
  { from: "truth", idToken: { truth: true } },
  { from: "sub" },
  { from: "iss" },
  { from: "azp" },
];

const named = cases.map((one, i) => ({ ...one, name: `c${i}` }));
const folder = mkdtempSync(join(tmpdir(), "cloudpass-claims-"));
let keycloak: KeycloakRig;
let broker: RelyingParty;
let idp: SayingIdp;
let fromKeycloak: Readonly<Record<string, unknown>>;

const fileWith = (recheck: "none" | "required") => `kind: Realm
realm: claim-names
broker: {issuer: "${broker.issuer}"}
upstreams:
  - id: home-idp
    template: oidc
    issuer: "${idp.issuer}"
    client: {id: cloudpass, secret: {env: SECRET}}
    recheck: ${recheck}
    stage: active
    claims:
${named.map(({ name, from }) => `      ${name}: {from: '${from}'}`).join("\n")}
  - id: away-idp
    template: oidc
    issuer: "${idp.issuer}"
    client: {id: cloudpass, secret: {env: SECRET}}
    recheck: ${recheck}
    stage: active
    claims: {groups: {from: "absent[0]"}}
organizations: [{id: home, name: Home, domains: [home.example], upstreams: [home-idp], login: home-idp}]
`;

beforeAll(async () => {
  [keycloak, broker, idp] = await Promise.all([startKeycloak({ dir: folder }), startRelyingParty(), startSayingIdp()]);
  idp.says.idToken = Object.assign({}, ...cases.map(({ idToken }) => idToken));
  idp.says.userinfo = Object.assign({}, ...cases.map(({ userinfo }) => userinfo));
  const loaded = loadRealms([{ file: "claim-names.yaml", text: fileWith("none") }], () => "a-secret-of-the-client");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded));
  const password = new Secret(keycloak.adminPassword);
  const credentials = { kind: "password", username: keycloak.adminUser, password } as const;
  const discover = makeDiscover(rulesFor(["127.0.0.0/8"]));
  const deps = { clock: systemClock, random: systemRandom, discover };
  const planned = await planRealm(spec, { url: keycloak.url, realm: "master", credentials }, deps);
  const applied = await applyRealm(planned);
  if (applied.outcome !== "applied") throw new Error(JSON.stringify(applied));
  fromKeycloak = await logIn("home-idp");
}, 240_000);

afterAll(async () => {
  await Promise.all([broker?.stop(), idp?.stop(), keycloak?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Claims of a login in a fresh browser. */
async function logIn(alias: string): Promise<Readonly<Record<string, unknown>>> {
  const start = await broker.start(`${keycloak.url}/realms/claim-names`, { kc_idp_hint: alias });
  const browser = new Browser();
  const ann = { username: "ann", password: "none" };
  const driven = await drive(browser, await browser.open(start.url, broker.callback), broker.callback, ann);
  if (driven.done === undefined) throw new Error(`login ended on "${driven.title}": ${driven.error}`);
  return (await broker.finish(start, driven.done)).idToken;
}

/** As Keycloak keeps a claim: a list of texts, and none is as nothing. */
const texts = (value: unknown): readonly string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

const all = () => ({
  idToken: { sub: "ann-at-home", iss: idp.issuer, ...idp.says.idToken },
  userinfo: { sub: "ann-at-home", ...idp.says.userinfo },
});

describe("a claim's name is read alike", () => {
  test.each(named)("$from", ({ name, from }) => {
    expect(texts(claimAt(from, all()))).toEqual(texts(fromKeycloak[name]));
  });

  test("and a place in a list that did not come ends the login in Keycloak", async () => {
    await expect(logIn("away-idp")).rejects.toThrow("Unexpected error");
  });
});
