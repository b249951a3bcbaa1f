import { basename } from "node:path";
import { type Entitlement, type FamilyId, no, ok, type Result, refusal } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import { keystoneIdentityProvider, type Target } from "../../policy/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { familyKind } from "../grants/family.ts";
import { decideFor } from "../grants/rights.ts";

/**
 * `GET /targets`: the bearer's clouds and clusters, how to reach them, and the rights there with the grant behind each.
 * Wants an access token for the issuer itself, of a login that still lives.
 */
export function targetsRoute(deps: IssuerDeps): Route {
  return { method: "GET", path: "/targets", tongue: "api", handle: (request) => targets(deps, request) };
}

async function targets(deps: IssuerDeps, request: Request): Promise<Result<Reply>> {
  const bearer = /^bearer ([^ ]+)$/i.exec(request.authorization ?? "")?.[1];
  if (bearer === undefined) return no(refusal("invalid_token", "an access token is needed"));
  const judged = await deps.judge(bearer, deps.issuer);
  if (!judged.ok) return judged;
  const family = await deps.store.get(familyKind, judged.value.sid as FamilyId);
  if (!family) return no(refusal("invalid_token", "the login is over", "the family is gone"));
  const { person, client, flow } = family;
  const decision = decideFor(deps, { person, client, flow });
  const entitlements = decision.kind === "decided" ? decision.entitlements : [];
  const reachable = [...deps.policy.targets.values()].filter((t) => entitlements.some((e) => e.target === t.name));
  return ok(
    json({
      sub: person.sub,
      preferred_username: person.preferredUsername,
      ...(person.name !== undefined && { name: person.name }),
      tenant: person.tenant,
      expires_at: family.expiresAt,
      targets: reachable.map((t) => ({
        ...reach(t, person.tenant),
        entitlements: entitlements.filter((e) => e.target === t.name).map(present),
      })),
    }),
  );
}

const reach = (target: Target, tenant: Entitlement["tenant"]) =>
  target.kind === "openstack"
    ? {
        name: target.name,
        kind: target.kind,
        auth_url: target.authUrl,
        identity_provider: keystoneIdentityProvider(tenant),
        protocol: "openid",
      }
    : { name: target.name, kind: target.kind, server: target.api };

const present = (e: Entitlement) => ({
  role: e.role,
  scope: e.scope,
  group: e.group,
  set: e.set,
  grant: e.grant,
  // The file's name is enough to find the line; the server's folders are nobody's business.
  source: `${basename(e.source.file)}:${e.source.line}`,
});
