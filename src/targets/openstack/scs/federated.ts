import type { KeystoneCaller } from "../caller.ts";
import type { KeystoneClient } from "../client.ts";
import { managersGroup, nameOf, type ScsSite } from "./site.ts";

/** A federated manager came in, or why not. */
type FederatedLogin =
  | { readonly outcome: "in"; readonly token: string; readonly user: string; readonly status: number }
  | { readonly outcome: "refused"; readonly status: number; readonly because: string };

/** The `sub` of an access token, when it is one that may stand in a mapping. Not verified: the cloud does that. */
function subjectOf(accessToken: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString("utf8"));
    const sub: unknown = typeof claims === "object" && claims !== null ? Reflect.get(claims, "sub") : undefined;
    return typeof sub === "string" && /^[A-Za-z0-9._:-]{1,64}$/.test(sub) ? sub : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Lets the bearer of a token, and nobody else, into the own domain as a member of its managers: by an identity provider of
 * this run that is told apart by the token's subject, so that the tenants' own identity providers are left alone.
 */
export async function logInFederated(
  keystone: KeystoneClient,
  caller: KeystoneCaller,
  site: ScsSite,
  accessToken: string,
): Promise<FederatedLogin> {
  const sub = subjectOf(accessToken);
  if (sub === undefined) return { outcome: "refused", status: 0, because: "this is not an access token of the broker" };
  const id = nameOf(site.suffix, "idp");
  await keystone.put("create a mapping", `/OS-FEDERATION/mappings/${id}`, { mapping: mappingFor(sub, site.own.name) });
  await keystone.put("create an identity provider", `/OS-FEDERATION/identity_providers/${id}`, {
    identity_provider: { enabled: true, remote_ids: [sub], domain_id: site.own.id, authorization_ttl: 60 },
  });
  await keystone.put("create a protocol", `/OS-FEDERATION/identity_providers/${id}/protocols/openid`, {
    protocol: { mapping_id: id, remote_id_attribute: "OIDC-sub" },
  });
  const { status, body, token } = await caller.present(accessToken, id, "openid");
  if (token === undefined) {
    const by = body === undefined ? "the web server in front of Keystone" : "Keystone";
    return { outcome: "refused", status, because: `${by} refuses the token; is it fresh, and for this cloud?` };
  }
  return { outcome: "in", status, token, user: userOf(body) };
}

const mappingFor = (sub: string, domain: string): object => ({
  schema_version: "2.0",
  rules: [
    {
      remote: [{ type: "OIDC-sub" }, { type: "OIDC-preferred_username" }, { type: "OIDC-sub", any_one_of: [sub] }],
      local: [
        { user: { id: "{0}", name: "{1}", type: "ephemeral", domain: { name: domain } } },
        { group: { name: managersGroup, domain: { name: domain } } },
      ],
    },
  ],
});

/** The user of a token's body. */
function userOf(body: unknown): string {
  const at = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return String(at(at(at(body, "token"), "user"), "id") ?? "");
}
