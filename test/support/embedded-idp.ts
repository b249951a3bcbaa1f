import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import { decodeJwt, type JWK } from "jose";
import Provider, { type Configuration } from "oidc-provider";
import { listen, stopServer } from "./loopback.ts";

/** A person of an embedded identity provider. */
export interface EmbeddedPerson {
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly password: string;
  readonly disabled?: boolean;
}

/** People by identity provider alias and user name; members of an organization stand under `organization:<alias>`. */
export type People = Record<string, Record<string, EmbeddedPerson>>;

/** A real OpenID Provider (npm `oidc-provider`) in this process; stands where the Keycloak realm stands. */
export interface EmbeddedIdp {
  readonly issuer: string;
  /** May be changed while it runs: the next answer says what is true then. */
  readonly people: People;
  /** The private key that it signs with, and publishes as `embedded`. */
  readonly key: JWK;
  /** What becomes of an ID token's claims before it is signed; set by a test that wants an odd provider. */
  alter: ((claims: Record<string, unknown>) => object) | undefined;
  /** Signs a JWT as the provider does, for what it would send by itself. */
  sign(header: Readonly<Record<string, string>>, claims: object): string;
  /** Goes away, as in an outage. */
  leave(): Promise<void>;
  /** Is back at the same address, knowing what it knew. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** Customers' people of the demo and the tests: the same user names and group names at both customers, on purpose. */
export const demoPeople = (): People => ({
  "customer-a-idp": {
    alice: { name: "Alice Ahrens", email: "alice@a.example", groups: ["platform", "developers"], password: "alice" },
    bob: { name: "Bob Behrens", email: "bob@a.example", groups: ["developers"], password: "bob" },
    guest: { name: "Gerd Gast", email: "guest@a.example", groups: [], password: "guest" },
  },
  "customer-b-idp": {
    alice: { name: "Alice Ziegler", email: "alice@b.example", groups: ["developers"], password: "alice" },
  },
});

/** Eight developers of customer A, `u0` to `u7`. */
export const crowd: People = {
  "customer-a-idp": Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `u${i}`,
      { name: `U${i}`, email: `u${i}@a.example`, groups: ["developers"], password: `u${i}` },
    ]),
  ),
};

const accountId = (alias: string, user: string) => `${alias}/${user}`;

/** Starts the provider on a free port; `clientJwksUri` is where the broker publishes its client keys. */
export async function startEmbeddedIdp(options: {
  redirectUri: string;
  clientJwksUri: string;
  people?: People;
}): Promise<EmbeddedIdp> {
  const people = options.people ?? demoPeople();
  const server = createServer();
  const issuer = `http://${await listen(server)}`;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig", kid: "embedded" };
  const provider = quietly(() => new Provider(issuer, { ...configuration(people, options), jwks: { keys: [jwk] } }));
  const callback = provider.callback();
  server.on("request", (req, res) => {
    const uid = /^\/interaction\/([\w-]+)$/.exec(req.url ?? "")?.[1];
    if (req.url === "/token" && idp.alter)
      alterIdToken(res, (token) => idp.sign({}, idp.alter?.(decodeJwt(token)) ?? {}));
    if (uid === undefined) return void callback(req, res);
    interact(provider, people, req, res).catch((error: unknown) => {
      res.statusCode = 500;
      res.end(String(error));
    });
  });
  const idp: EmbeddedIdp = {
    issuer,
    people,
    key: jwk,
    alter: undefined,
    sign: (header, claims) => signJwt(privateKey, { alg: "ES256", kid: "embedded", ...header }, claims),
    leave: () => stopServer(server),
    comeBack: () => new Promise((resolve) => server.listen(Number(new URL(issuer).port), "127.0.0.1", resolve)),
    stop: () => stopServer(server),
  };
  return idp;
}

/** Has the answer of the token endpoint carry another ID token. */
function alterIdToken(res: Outgoing, change: (idToken: string) => string): void {
  const end = res.end.bind(res);
  res.end = ((body: unknown) => {
    const answer = JSON.parse(String(body)) as Record<string, unknown>;
    const { id_token } = answer;
    const text = JSON.stringify(typeof id_token === "string" ? { ...answer, id_token: change(id_token) } : answer);
    res.setHeader("content-length", Buffer.byteLength(text));
    return end(text);
  }) as typeof res.end;
}

function signJwt(key: KeyObject, header: object, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

function configuration(people: People, options: { redirectUri: string; clientJwksUri: string }): Configuration {
  return {
    clients: [
      {
        client_id: "cloudpass",
        redirect_uris: [options.redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        id_token_signed_response_alg: "ES256",
        // As Keycloak does.
        require_auth_time: true,
        jwks_uri: options.clientJwksUri,
      },
    ],
    claims: {
      openid: ["sub"],
      profile: [
        "name",
        "preferred_username",
        "groups",
        "identity_provider",
        "upstream_username",
        "member_of",
        "organization",
      ],
      email: ["email", "email_verified"],
    },
    scopes: [
      "openid",
      "profile",
      "email",
      "offline_access",
      ...Object.keys(people).filter((one) => one.startsWith(ofOrganization)),
    ],
    clientAuthMethods: ["private_key_jwt"],
    extraParams: ["kc_idp_hint"],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    cookies: { keys: ["embedded"] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async () => true },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 600, RefreshToken: 86_400, Session: 3_600, Interaction: 600, Grant: 86_400, IdToken: 600 },
    // Its guard against addresses of this machine is right for a provider on the internet and wrong for an embedded one.
    fetch: (url, init) => fetch(url, { ...(init as object), dispatcher: undefined } as object),
    findAccount: async (_ctx, id) => {
      const [alias = "", user = ""] = id.split("/");
      const person = people[alias]?.[user];
      if (!person || person.disabled) return undefined;
      return {
        accountId: id,
        claims: async () => ({
          sub: id,
          name: person.name,
          preferred_username: user,
          email: person.email,
          email_verified: true,
          groups: [...person.groups],
          ...cameThrough(alias, person),
        }),
      };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client?.clientId ?? "",
        accountId: session?.accountId ?? "",
      });
      grant.addOIDCScope(
        [
          "openid profile email offline_access",
          ...Object.keys(people).filter((one) => one.startsWith(ofOrganization)),
        ].join(" "),
      );
      await grant.save();
      return grant;
    },
  };
}

const ofOrganization = "organization:";

/** As Keycloak says it (decision 0075). */
function cameThrough(alias: string, { email }: EmbeddedPerson): Record<string, unknown> {
  if (!alias.startsWith(ofOrganization)) return { identity_provider: alias };
  const organization = alias.slice(ofOrganization.length);
  return { upstream_username: email, member_of: organization, organization: [organization] };
}

/** Where somebody signs in: at the provider that is named, or as a member of the organization in the scope. */
const placeOf = (people: People, { kc_idp_hint: hint, scope }: Readonly<Record<string, unknown>>): string =>
  String(
    hint ??
      String(scope)
        .split(" ")
        .find((one) => one.startsWith(ofOrganization)) ??
      Object.keys(people)[0],
  );

type Incoming = Parameters<ReturnType<Provider["callback"]>>[0];
type Outgoing = Parameters<ReturnType<Provider["callback"]>>[1];

async function interact(provider: Provider, people: People, req: Incoming, res: Outgoing): Promise<void> {
  const { params } = await provider.interactionDetails(req, res);
  const alias = placeOf(people, params);
  if (req.method !== "POST") return showLogin(res, alias, people[alias] ?? {}, "");
  let body = "";
  for await (const chunk of req) body += String(chunk);
  const form = new URLSearchParams(body);
  const user = form.get("username") ?? "";
  const person = people[alias]?.[user];
  if (!person || person.disabled || person.password !== form.get("password")) {
    return showLogin(res, alias, people[alias] ?? {}, "Wrong user name or password.");
  }
  await provider.interactionFinished(req, res, { login: { accountId: accountId(alias, user) } });
}

function showLogin(res: Outgoing, alias: string, people: Record<string, EmbeddedPerson>, error: string): void {
  const hints = Object.entries(people).map(([user, p]) => `<li>${user} / ${p.password}</li>`);
  res.setHeader("content-type", "text/html; charset=utf-8");
  res.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>${alias}</title>
<style>body{font:1rem/1.5 system-ui;max-width:24rem;margin:3rem auto;padding:0 1rem}input,button{display:block;width:100%;font:inherit;padding:.5rem;margin:.25rem 0 1rem}</style>
<h1>Sign-in of ${alias}</h1><p role="alert">${error}</p>
<form method="post" id="login"><label>User name<input name="username" required></label>
<label>Password<input name="password" type="password" required></label><button type="submit">Sign in</button></form>
<p>People here (user name / password):</p><ul>${hints.join("")}</ul></html>`);
}

/** oidc-provider tells on the console that its keys are for development: they are, it is embedded. */
function quietly<T>(make: () => T): T {
  const { info, warn } = console;
  try {
    console.info = console.warn = () => undefined;
    return make();
  } finally {
    Object.assign(console, { info, warn });
  }
}
