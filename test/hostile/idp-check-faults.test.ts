import { beforeEach, describe, expect, test } from "vitest";
import type { Subject } from "../../src/probe/index.ts";
import { makeCertificate } from "../support/certificates.ts";
import {
  checkHostile,
  type HostileIdp,
  type PlantedFault,
  signingKey,
  startHostileIdp,
  troubleOf,
  troublesOf,
} from "../support/hostile-idp.ts";
import { shared } from "../support/shared.ts";

// `cloudpass idp check` against an identity provider with one fault at a time: each is found, and its remedy is named.

const idp = shared(startHostileIdp);
beforeEach(() => {
  idp.reset();
  idp.renewTls();
});

const check = (subject: Subject, timeoutMs?: number) => checkHostile(idp, subject, timeoutMs);

/** Changes one member of the metadata; `undefined` takes it away. */
const claim = (name: string, value: unknown) => () => {
  if (value === undefined) delete idp.state.metadata[name];
  else idp.state.metadata[name] = value;
};
const well = "/.well-known/openid-configuration";
const answer =
  (path: string, status: number, type = "application/json", body = "{}") =>
  () => {
    idp.state.answers[path] = (a) => a.writeHead(status, { "content-type": type, location: "/elsewhere" }).end(body);
  };
const tls = (wish: Partial<Parameters<typeof makeCertificate>[0]>) => () => {
  const usual = { name: "127.0.0.1", ends: 300, hosts: ["127.0.0.1"], by: idp.authority };
  idp.state.tls = makeCertificate({ ...usual, ...wish });
  idp.renewTls();
};
const keys = (make: () => HostileIdp["state"]["keys"]) => () => {
  idp.state.keys = make();
};
const algorithms = "id_token_signing_alg_values_supported";

const faults: readonly PlantedFault[] = [
  {
    name: "no metadata",
    plant: answer(well, 404),
    about: "metadata",
    message: /HTTP 404/,
    remedy: /mistake in the address/,
  },
  { name: "a redirect", plant: answer(well, 302), about: "metadata", message: /redirects/, remedy: /final address/ },
  {
    name: "a page",
    plant: answer(well, 200, "text/html"),
    about: "metadata",
    message: /not of the kind/,
    remedy: /Content-Type/,
  },
  {
    name: "no JSON",
    plant: answer(well, 200, "application/json", "{"),
    about: "metadata",
    message: /not a JSON object/,
    remedy: /JSON object there/,
  },
  {
    name: "too much",
    plant: () => answer(well, 200, "application/json", " ".repeat(300_000))(),
    about: "metadata",
    message: /larger than 256 KiB/,
    remedy: /less than 256 KiB/,
  },
  {
    name: "a broken server",
    plant: answer(well, 503),
    about: "metadata",
    message: /HTTP 503/,
    remedy: /look into its log/,
  },
  {
    name: "silence",
    plant: () => {
      idp.state.answers[well] = () => undefined;
    },
    about: "metadata",
    timeoutMs: 300,
    message: /in time/,
    remedy: /longer than 5 s/,
  },
  {
    name: "another issuer",
    plant: claim("issuer", "https://other.example"),
    about: "issuer",
    message: /calls itself https:\/\/other/,
    remedy: /write exactly https:\/\/other/,
  },
  {
    name: "an issuer with a slash too many",
    plant: () => claim("issuer", `${idp.issuer}/`)(),
    about: "issuer",
    message: /calls itself/,
    remedy: /write exactly/,
  },
  {
    name: "an issuer for everybody",
    plant: claim("issuer", "https://login.example/{tenantid}/v2.0"),
    about: "issuer",
    message: /many tenants/,
    remedy: /address of one tenant/,
  },
  {
    name: "no issuer",
    plant: claim("issuer", undefined),
    about: "issuer",
    message: /names no issuer/,
    remedy: /add issuer/,
  },
  {
    name: "no token endpoint",
    plant: claim("token_endpoint", undefined),
    about: "token_endpoint",
    message: /lacks it/,
    remedy: /add token_endpoint/,
  },
  {
    name: "an endpoint over http",
    plant: claim("token_endpoint", "http://8.8.8.8/token"),
    about: "token_endpoint",
    message: /only https/,
    remedy: /over https/,
  },
  {
    name: "an endpoint on a private address",
    plant: claim("userinfo_endpoint", "https://10.0.0.1/userinfo"),
    about: "userinfo_endpoint",
    message: /not a public address/,
    remedy: /public address/,
  },
  {
    name: "keys at a metadata service",
    plant: claim("jwks_uri", "https://169.254.169.254/latest"),
    about: "jwks_uri",
    message: /not a public address/,
    remedy: /public address/,
  },
  {
    name: "a dead endpoint",
    plant: answer("/token", 404),
    about: "token_endpoint",
    message: /HTTP 404/,
    remedy: /mistake in the address/,
  },
  {
    name: "an endpoint that fails",
    plant: answer("/auth", 500),
    about: "authorization_endpoint",
    message: /HTTP 500/,
    remedy: /look into its log/,
  },
  {
    name: "unsigned ID tokens",
    plant: claim(algorithms, ["none", "RS256"]),
    about: algorithms,
    message: /without a signature/,
    remedy: /take none out/,
  },
  {
    name: "shared secrets only",
    plant: claim(algorithms, ["HS256"]),
    about: algorithms,
    message: /public key/,
    remedy: /RS256 or ES256/,
  },
  {
    name: "a short RSA key",
    plant: keys(() => [signingKey("one", 1024)]),
    about: "keys",
    message: /1024 bits/,
    remedy: /2048 bits or more/,
  },
  {
    name: "two keys of one name",
    plant: keys(() => [signingKey("one"), signingKey("one")]),
    about: "keys",
    message: /two keys have the kid "one"/,
    remedy: /kid of its own/,
  },
  {
    name: "several keys without a name",
    plant: keys(() => {
      const { kid: _, ...key } = signingKey("x");
      return [signingKey("one"), key];
    }),
    about: "keys",
    message: /not all have a kid/,
    remedy: /kid of its own/,
  },
  {
    name: "a published private key",
    plant: keys(() => [{ ...signingKey("one"), d: "AQAB" }]),
    about: "keys",
    message: /private or secret part/,
    remedy: /replace the key at once/,
  },
  {
    name: "no key for signatures",
    plant: keys(() => [{ ...signingKey("one"), use: "enc" }]),
    about: "keys",
    message: /no key for signatures/,
    remedy: /use: sig/,
  },
  {
    name: "a key of another algorithm",
    plant: keys(() => [{ ...signingKey("one"), alg: "PS512" }]),
    about: "keys",
    message: /no key for signatures with RS256/,
    remedy: /its alg/,
  },
  { name: "keys that are none", plant: keys(() => "keys"), about: "keys", message: /no key set/, remedy: /RFC 7517/ },
  {
    name: "a broken key",
    plant: keys(() => [signingKey("one"), { kty: "EC", kid: "two", use: "sig" }]),
    about: "keys",
    message: /not a valid key/,
    remedy: /RFC 7517/,
  },
  {
    name: "no code flow",
    plant: claim("response_types_supported", ["id_token"]),
    about: "response_types_supported",
    message: /code flow/,
    remedy: /response_type=code/,
  },
  {
    name: "no answer by query",
    plant: claim("response_modes_supported", ["form_post"]),
    about: "response_modes_supported",
    message: /by query/,
    remedy: /response_mode=query/,
  },
  {
    name: "no client secret",
    plant: claim("token_endpoint_auth_methods_supported", ["tls_client_auth"]),
    about: "token_endpoint_auth_methods_supported",
    message: /no client secret/,
    remedy: /client_secret_basic/,
  },
  {
    name: "a list that is none",
    plant: claim("scopes_supported", "openid"),
    about: "scopes_supported",
    message: /not a list/,
    remedy: /list of texts/,
  },
  {
    name: "no openid",
    plant: claim("scopes_supported", ["offline_access"]),
    about: "scopes_supported",
    message: /scope openid/,
    remedy: /ID token/,
  },
  {
    name: "pushed requests only",
    plant: claim("require_pushed_authorization_requests", true),
    about: "require_pushed_authorization_requests",
    message: /pushed/,
    remedy: /plain authorization requests/,
  },
  {
    name: "no PKCE",
    plant: claim("code_challenge_methods_supported", ["plain"]),
    about: "code_challenge_methods_supported",
    level: "warn",
    message: /S256/,
    remedy: /switch PKCE/,
  },
  {
    name: "no offline access",
    plant: claim("scopes_supported", ["openid"]),
    about: "scopes_supported",
    level: "warn",
    message: /offline_access/,
    remedy: /offline_access/,
  },
  {
    name: "no refresh tokens",
    plant: claim("grant_types_supported", ["authorization_code"]),
    about: "grant_types_supported",
    level: "warn",
    message: /refresh tokens/,
    remedy: /recheck: none/,
  },
  {
    name: "no userinfo",
    plant: claim("userinfo_endpoint", undefined),
    about: "userinfo_endpoint",
    level: "warn",
    message: /asked about again/,
    remedy: /recheck: none/,
  },
  {
    name: "no sign-out",
    plant: claim("end_session_endpoint", undefined),
    about: "end_session_endpoint",
    level: "warn",
    message: /sign out/,
    remedy: /end_session_endpoint/,
  },
  {
    name: "no back-channel logout",
    plant: claim("backchannel_logout_supported", undefined),
    about: "backchannel_logout_supported",
    level: "warn",
    message: /does not tell us/,
    remedy: /back-channel logout/,
  },
  {
    name: "a TLS certificate that ended",
    plant: tls({ ends: -3 }),
    about: "TLS certificate",
    message: /CERT_HAS_EXPIRED/,
    remedy: /renew/,
  },
  {
    name: "a TLS certificate for another host",
    plant: tls({ hosts: ["other.example"] }),
    about: "TLS certificate",
    message: /ALTNAME/,
    remedy: /for this host name/,
  },
  {
    name: "a TLS certificate of nobody",
    plant: () => tls({ by: makeCertificate({ name: "nobody", ends: 9 }) })(),
    about: "TLS certificate",
    message: /UNABLE_TO|SELF_SIGNED/,
    remedy: /whole chain|public authority/,
  },
  {
    name: "a TLS certificate that ends soon",
    plant: tls({ ends: 5.5 }),
    about: "TLS certificate",
    level: "warn",
    message: /expires in 5 days/,
    remedy: /before then/,
  },
  {
    name: "a clock ahead",
    plant: () => {
      idp.state.clock = 300;
    },
    about: "clock",
    message: /300 s ahead|299 s ahead/,
    remedy: /NTP/,
  },
  {
    name: "a clock behind",
    plant: () => {
      idp.state.clock = -120;
    },
    about: "clock",
    message: /12[01] s behind/,
    remedy: /NTP/,
  },
];

describe("an OpenID Provider with", () => {
  test("nothing wrong has no findings", async () => {
    const report = await check({ address: idp.issuer });
    expect(troublesOf(report)).toEqual([]);
    expect(report).toMatchObject({ kind: "openid", reached: true });
  });

  test.each(faults)("$name: it is found, with its remedy", async (fault) => {
    fault.plant();
    const found = troublesOf(await check({ address: idp.issuer }, fault.timeoutMs));
    expect(found).toEqual([troubleOf(fault)]);
  });

  test("no server says that nobody was reached", async () => {
    const report = await check({ address: "https://127.0.0.1:1" });
    expect(report.reached).toBe(false);
    expect(troublesOf(report)).toMatchObject([{ remedy: expect.stringMatching(/firewall/) }]);
  });

  test("S-40: an address behind the gate is not asked at all", async () => {
    claim("jwks_uri", "http://127.0.0.2:1/keys")();
    claim("token_endpoint", "https://[::ffff:10.0.0.1]/")();
    const report = await check({ address: idp.issuer });
    expect(troublesOf(report).map(({ about }) => about)).toEqual(["token_endpoint", "jwks_uri"]);
    expect(idp.asked).toEqual([well, "/auth", "/userinfo", "/logout"]);
  });
});
