import { isIP } from "node:net";
import type { z } from "zod";
import { isLoopback, longestAccessToken } from "../core/index.ts";
import type { Path } from "../yaml/index.ts";
import type { brokerSchema } from "./schema.ts";

type Raw = z.output<typeof brokerSchema>;

/** A rule between fields, in words: what is wrong, where, and what to do. */
interface Relation {
  readonly at: Path;
  readonly broken: (c: Raw) => boolean;
  readonly message: string;
  readonly fix: string;
}

/** True for an address on this machine. */
const isHere = (url: string): boolean => isLoopback(new URL(url).hostname);

/** An address, or a network by its prefix length. A length of 0 would believe whatever anybody claims (S-53). */
const isNetwork = (text: string): boolean => {
  const [address = "", bits, more] = text.split("/");
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (longest === 0 || more !== undefined) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= longest);
};

const isHttp = (url: string) => url.startsWith("http:");
const reservedClients = ["cloudpass"];

const grantsOfFapi = ["authorization-code", "refresh", "client-credentials"];

/** A key must have signed for a while before the next one takes over: no more than one may be retiring. */
const shortestRotation = 3600;

/** Longest a login may live; whoever stole its refresh token has it as long. */
const longestLogin = 7 * 86_400;

/** All cross-field rules of `broker.yaml`. */
export const relations: readonly Relation[] = [
  {
    at: ["upstream", "members"],
    broken: (c) => c.upstream.members !== undefined && !/\/realms\/[^/]+$/.test(c.upstream.issuer),
    message: "members live in a realm of Keycloak, whose issuer ends in /realms/NAME",
    fix: "correct upstream.issuer, or remove members",
  },
  {
    at: ["issuer"],
    broken: (c) => new URL(c.issuer).pathname === "/" && new URL(c.issuer).origin !== c.issuer,
    message: "an issuer is scheme, host and port as browsers write them (clients compare it byte for byte)",
    fix: "write it in lower case, without a slash at the end, default port, user, query or fragment",
  },
  {
    at: ["issuer"],
    broken: (c) => new URL(c.issuer).pathname !== "/",
    message: "an issuer below a path is not supported",
    fix: "give the broker a host name of its own",
  },
  {
    at: ["issuer"],
    broken: (c) => isHttp(c.issuer) && !(c.allowInsecureLoopback && isHere(c.issuer)),
    message: "http is only allowed for a loopback issuer with allowInsecureLoopback: true",
    fix: "use https",
  },
  {
    at: ["allowInsecureLoopback"],
    broken: (c) => c.allowInsecureLoopback && !isHere(c.issuer),
    message: "allowInsecureLoopback is for an issuer on this machine only",
    fix: "remove it",
  },
  {
    at: ["upstream", "issuer"],
    broken: (c) => isHttp(c.upstream.issuer) && !(c.upstream.allowInsecureLoopback && isHere(c.upstream.issuer)),
    message: "http is only allowed for a realm on this machine with upstream.allowInsecureLoopback: true",
    fix: "use https",
  },
  {
    at: ["upstream", "scopes"],
    broken: (c) => !c.upstream.scopes.includes("openid"),
    message: 'the scope "openid" is needed: without it there is no ID token',
    fix: 'add "openid"',
  },
  {
    at: ["lifetimes", "accessToken"],
    broken: (c) => c.lifetimes.accessToken > longestAccessToken,
    message: "an access token may live 15 minutes at most: a right taken away lasts that long",
    fix: "use 10m",
  },
  {
    at: ["keys"],
    broken: (c) => typeof c.keys !== "string" && c.store.kind !== "redis",
    message: "a key set in the store needs a store that outlives the process",
    fix: "use store: {kind: redis, …}, or name a key file",
  },
  {
    at: ["keyRotation"],
    broken: (c) => c.keyRotation !== undefined && typeof c.keys === "string" && c.store.kind === "redis",
    message: "several instances would each rotate a key file of their own",
    fix: "use keys: {store: true}",
  },
  {
    at: ["keyRotation", "every"],
    broken: (c) => c.keyRotation !== undefined && c.keyRotation.every < shortestRotation,
    message: "a rotation takes about 20 minutes until the last token of the old key is over",
    fix: "use 30d",
  },
  {
    at: ["scim"],
    broken: (c) => c.scim.length > 0 && c.store.kind !== "redis" && !c.allowInsecureLoopback,
    message: "what identity providers push needs a store that outlives the process",
    fix: "use store: {kind: redis, …}",
  },
  {
    at: ["scim"],
    broken: (c) => new Set(c.scim.map((s) => s.identityProvider)).size < c.scim.length,
    message: "an identity provider is there twice",
    fix: "keep one of them",
  },
  {
    at: ["lifetimes", "family"],
    broken: (c) => c.lifetimes.family < c.lifetimes.accessToken,
    message: "a login may not end before its first access token",
    fix: "make lifetimes.family longer than lifetimes.accessToken",
  },
  {
    at: ["lifetimes", "family"],
    broken: (c) => c.lifetimes.family > longestLogin,
    message: "a login may live 7 days at most: then the person proves again who it is",
    fix: "use 12h",
  },
  {
    at: ["lifetimes", "deviceCode"],
    broken: (c) => c.lifetimes.deviceCode > 600 || c.lifetimes.deviceCode < 60,
    message: "a device code lives between 1 and 10 minutes",
    fix: "use 5m",
  },
  {
    at: ["lifetimes", "session"],
    broken: (c) => c.lifetimes.session < c.lifetimes.loginAttempt || c.lifetimes.session < c.lifetimes.deviceCode,
    message: "a browser session must outlive the longest step of a login",
    fix: "make lifetimes.session longer than lifetimes.loginAttempt and lifetimes.deviceCode",
  },
  {
    at: ["lifetimes", "sessionIdle"],
    broken: (c) => c.lifetimes.sessionIdle < 120,
    message: "a browser session that ends within two minutes ends while a person reads",
    fix: "use 30m",
  },
  {
    at: ["trustedProxies"],
    broken: (c) => !c.trustedProxies.every(isNetwork),
    message: "a trusted proxy is an address or a network, and not a network of everybody",
    fix: 'write them like "10.0.0.7", "10.0.0.0/24" or "fd00::/64"',
  },
  {
    at: ["reconcile", "every"],
    broken: (c) => c.reconcile !== undefined && c.reconcile.every < 30,
    message: "reading whole clouds more often than every 30 seconds is a load on them",
    fix: "use 5m",
  },
  {
    at: ["push", "every"],
    broken: (c) => c.push.every < 10,
    message: "asking about everybody more often than every 10 seconds is a load on the identity providers",
    fix: "use 30s",
  },
  {
    at: ["device", "interval"],
    broken: (c) => c.device.interval > 30,
    message: "clients that poll less than every 30 seconds keep people waiting",
    fix: "use 5s",
  },
  {
    at: ["clients"],
    broken: (c) =>
      new Set([...reservedClients, ...c.clients.map((x) => x.id)]).size < reservedClients.length + c.clients.length,
    message: `client ids must differ from each other and from: ${reservedClients.join(", ")}`,
    fix: "rename the client",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.secret !== undefined && x.jwks !== undefined),
    message: "a client proves itself by a secret or by keys, not by both",
    fix: "remove one of them; keys are better",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.grants.includes("authorization-code") && x.redirectUris.length === 0),
    message: "a client with the authorization-code grant needs redirectUris",
    fix: "list them",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.redirectUris.some((uri) => uri.includes("#"))),
    message: "a redirect address has no fragment: the code would not get past the browser",
    fix: "remove the # and what follows it",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.redirectUris.some((uri) => isHttp(uri) && !isHere(uri))),
    message: "http is only allowed for a redirect address on loopback: on any other way the code can be read",
    fix: "use https",
  },
  {
    at: ["clients"],
    broken: (c) =>
      c.clients.some((x) => x.grants.includes("client-credentials") && (!x.machine || x.jwks === undefined)),
    message: "a client with the client-credentials grant needs machine and jwks: a robot proves itself by its own key",
    fix: "add both",
  },
  {
    at: ["clients"],
    broken: (c) =>
      c.clients.some((x) => x.grants.includes("exchange") && x.secret === undefined && x.jwks === undefined),
    message: "a client that exchanges tokens must prove itself: it needs secret or jwks",
    fix: "add jwks",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.introspects.length > 0 && x.secret === undefined && x.jwks === undefined),
    message: "a client that introspects tokens must prove itself: it needs secret or jwks",
    fix: "add jwks",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.profile === "fapi2" && x.jwks === undefined),
    message: "a client with profile: fapi2 proves itself by a key of its own (private_key_jwt)",
    fix: "add jwks",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.profile === "fapi2" && x.grants.some((g) => !grantsOfFapi.includes(g))),
    message: `a client with profile: fapi2 may have the grants ${grantsOfFapi.join(", ")} only: others give tokens outside of the profile`,
    fix: "remove the others, or give them to a client of their own",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.pkce !== "required" && x.secret === undefined && x.jwks === undefined),
    message:
      "a client may do without PKCE only if it proves itself: nothing else keeps a stolen code of a public one from working",
    fix: "remove pkce, or add jwks",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.pkce !== "required" && x.profile === "fapi2"),
    message: "FAPI 2.0 demands PKCE",
    fix: "remove pkce, or profile",
  },
  {
    at: ["clients"],
    broken: (c) => c.clients.some((x) => x.consent !== "ask" && x.secret === undefined && x.jwks === undefined),
    message:
      "only of a client that proves itself is a confirmation remembered: anybody may come under a public one's name",
    fix: "remove consent, or add jwks",
  },
  {
    at: ["notices", "mail", "allowInsecureLoopback"],
    broken: ({ notices }) => notices?.mail?.allowInsecureLoopback === true && !isLoopback(notices.mail.host),
    message: "allowInsecureLoopback is for a mail server on this machine only",
    fix: "remove it",
  },
  {
    at: ["notices", "webhooks"],
    broken: ({ notices: { webhooks } = { webhooks: [] } }) =>
      new Set(["mail", ...webhooks.map(({ name }) => name)]).size <= webhooks.length,
    message: 'the names of webhooks must differ from each other and from "mail"',
    fix: "rename one",
  },
];
