import { basename } from "node:path";
import {
  type BearerError,
  type Entitlement,
  err,
  isConsoleScope,
  keystoneIdentityProvider,
  ok,
  type Result,
  refusal,
} from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import type { RemoteTarget } from "../../policy/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { decideFor } from "../logins/rights.ts";
import { readPresented } from "../tokens/presented.ts";

type Deps = Pick<
  IssuerDeps,
  "clients" | "clock" | "issuer" | "networks" | "policy" | "seal" | "store" | "verifyAccessToken"
>;

/**
 * `GET /targets`: the bearer's clouds and clusters, how to reach them, and the rights there with the grant behind each.
 * Wants an access token for the issuer itself, of a login that still lives, with the scope `groups`; the name comes with
 * `profile` (S-85).
 */
export function targetsRoute(deps: Deps): Route {
  return { method: "GET", path: "/targets", errorFormat: "bearer", handle: (request) => targets(deps, request) };
}

async function targets(deps: Deps, request: Request): Promise<Result<Reply, BearerError>> {
  const presented = await readPresented(deps, request, (token) => token.audience === deps.issuer);
  if (!presented.ok) return presented;
  const { login, token } = presented.value;
  if (!token.scope.includes("groups")) return err(refusal("insufficient_scope", "the scope groups is needed"));
  const named = token.scope.includes("profile");
  const { person, client, loginMethod } = login;
  const decision = decideFor(deps, { person, client, loginMethod });
  const entitlements = decision.kind === "decided" ? decision.entitlements : [];
  const grants = decision.kind === "decided" ? decision.grants : [];
  const ends = new Map(grants.map(({ grant, until }) => [grant, until]));
  const withheld = decision.kind === "decided" ? decision.withheld : undefined;
  const withheldRights = (withheld?.entitlements ?? []).filter((e) => !isConsoleScope(e.scope));
  const held = [...deps.policy.targets.values()].filter((t) => entitlements.some((e) => e.target === t.name));
  const reachable = held.filter((t) => t.kind !== "console");
  const console = held.find((t) => t.kind === "console");
  return ok(
    json({
      sub: person.sub,
      ...(named && {
        preferred_username: person.preferredUsername,
        ...(person.name !== undefined && { name: person.name }),
      }),
      tenant: person.tenant,
      expires_at: login.expiresAt,
      targets: reachable.map((t) => ({
        ...reach(t, person.tenant),
        entitlements: entitlements
          .filter((e) => e.target === t.name)
          .map((e) => ({ ...present(e), ...(ends.get(e.grant) !== undefined && { until: ends.get(e.grant) }) })),
      })),
      // What the person has, and this login does not carry, so that nobody looks for a missing grant.
      ...(withheld &&
        withheldRights.length > 0 && {
          withheld: withheldRights.map((e) => ({ target: e.target, ...present(e), flow: withheld.loginMethod })),
        }),
      // Beside the others: a command of release 0.1.0 takes no list that holds a kind it does not know.
      ...(console && { console: entitlements.filter((e) => e.target === console.name).map(present) }),
    }),
  );
}

const reach = (target: RemoteTarget, tenant: Entitlement["tenant"]) =>
  target.kind === "openstack"
    ? {
        name: target.name,
        kind: target.kind,
        auth_url: target.authUrl,
        identity_provider: keystoneIdentityProvider(tenant),
        protocol: "openid",
      }
    : {
        name: target.name,
        kind: target.kind,
        server: target.api,
        ...(target.caPem !== undefined && { certificate_authority: target.caPem }),
      };

const present = (e: Entitlement) => ({
  role: e.role,
  scope: e.scope,
  group: e.group,
  set: e.set,
  grant: e.grant,
  // The file's name is enough to find the line; the server's folders are nobody's business.
  source: `${basename(e.source.file)}:${e.source.line}`,
});
