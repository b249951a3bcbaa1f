import { holdsPrivateKey } from "../../../core/index.ts";
import { administers, formatRole, rolesIn } from "../../role-name.ts";
import type { LocatedDocument, LocatedRealm } from "../model.ts";
import { referencesIn } from "../open-places.ts";
import { isSecretHere, isSecretPlace, nameAt, walk } from "../secrets.ts";
import { fixedSettings } from "../settings-defaults.ts";
import type { RoleNames } from "../vocabulary.ts";
import type { Place, Report } from "./report.ts";

/** What would open a door: secrets written out, redirects that match too much, settings that mix customers. */
export function checkSafety(realm: LocatedRealm, report: Report): void {
  for (const one of realm.documents) {
    noSecrets(one, report);
    redirects(one, report);
    proofs(one, report);
  }
  if (realm.data.broker !== undefined) keepsApart(realm, report);
}

/** Of these Keycloak tells us nothing, or more than a plan may see: they have fields of their own. */
const ownFields = new Set(["clients secret", "clients registrationAccessToken"]);

function noSecrets({ document }: LocatedDocument, report: Report): void {
  walk(document.value, (value, path) => {
    if (isSecretPlace(path) || typeof value === "object") return;
    const name = nameAt(path);
    const isKey = typeof value === "string" && holdsPrivateKey(value);
    const inside = path.some((part) => ["raw", "config", "attributes", "settings"].includes(String(part)));
    // Of the realm's own settings and texts, those that only sound like a secret are switches and words for people.
    if (!isKey && (!inside || path[0] === "localization" || !isSecretHere(name, value))) return;
    // The authenticator `conditional-credential` names kinds of credentials so.
    if (path[0] === "flows" && name === "credentials") return;
    const own = path.length === 4 && path[2] === "raw" && ownFields.has(`${path[0]} ${name}`);
    if (referencesIn(value).length > 0 && !own) return;
    const message = isKey
      ? `"${name}" holds a private key, and a secret is never written here`
      : `"${name}" is a secret, and a secret is never written here`;
    const where = own ? "under `secret`" : "in its place";
    report.wrong({ document, path }, message, `write a reference ${where}: {env: NAME} or {file: path}`, true);
  });
}

/** A `*` matches whatever follows: anyone who gets a page under such an address gets codes (RFC 9700 section 4.1). */
function redirects({ document, data }: LocatedDocument, report: Report): void {
  for (const [clientId, client] of Object.entries(data.clients)) {
    if (client.template === "custom" && client.allowWildcardRedirects) continue;
    const check = (list: unknown, path: Place["path"]) => {
      for (const [i, uri] of (Array.isArray(list) ? list : []).entries()) {
        if (typeof uri !== "string" || !uri.includes("*")) continue;
        const message = `"${uri}" matches more than one address: whoever holds one of them takes codes`;
        const fix = 'write each address out (or, with template "custom", allowWildcardRedirects: true)';
        report.wrong({ document, path: [...path, i] }, message, fix);
      }
    };
    if ("redirects" in client) check(client.redirects, ["clients", clientId, "redirects"]);
    check(client.raw?.["redirectUris"], ["clients", clientId, "raw", "redirectUris"]);
  }
}

/** A client proves itself by a secret or by keys, or it is public; Keycloak would forget the secret of a public one. */
function proofs({ document, data }: LocatedDocument, report: Report): void {
  for (const [clientId, client] of Object.entries(data.clients)) {
    const [secret, jwks] = ["secret" in client && client.secret, "jwks" in client && client.jwks];
    const place = { document, path: ["clients", clientId, "secret"] };
    if (secret && jwks) report.wrong(place, "a client has a secret or keys, not both", "remove one of the two");
    if (client.template === "custom" && client.public === true && secret) {
      report.wrong(place, "a public client has no secret", "remove `public`, or the secret");
    }
  }
}

/** What may carry roles in tokens. */
interface Carrier {
  readonly scopeMappings?: RoleNames | undefined;
  readonly allowAdminRoles: boolean;
}

/** With a broker, some settings are not a matter of taste (S-34, S-36); neither is the flow of a first login. */
function keepsApart({ document, data, documents }: LocatedRealm, report: Report): void {
  const keycloaks: Readonly<Record<string, string>> = { organizations: "organizationsEnabled" };
  for (const [name, value] of Object.entries(fixedSettings)) {
    const own: unknown = data.settings[name as keyof typeof fixedSettings];
    const field = keycloaks[name] ?? name;
    const given = data.settings.raw?.[field];
    const message = `with a broker this is always ${String(value)}: it keeps customers apart`;
    const fix = "remove it, or describe a realm without a broker";
    if (own !== undefined && own !== value) report.wrong({ document, path: ["settings", name] }, message, fix);
    if (given !== undefined && given !== value)
      report.wrong({ document, path: ["settings", "raw", field] }, message, fix);
  }
  for (const { document, data: part } of documents) {
    for (const section of ["clients", "clientScopes"] as const) {
      for (const [name, { scopeMappings, allowAdminRoles }] of Object.entries<Carrier>(part[section])) {
        const admin = allowAdminRoles ? undefined : rolesIn(scopeMappings).find(administers);
        if (admin === undefined) continue;
        const message = `with "${formatRole(admin)}" in its tokens, whoever gets one of them administers the realm`;
        const fix = "remove the role, or write allowAdminRoles: true if that is meant";
        report.wrong({ document, path: [section, name, "scopeMappings"] }, message, fix);
      }
    }
    for (const [i, { flows }] of part.upstreams.entries()) {
      if (flows.firstLogin !== "first broker login") continue;
      const message = "this flow links accounts by e-mail address: one customer's IdP could take over another's person";
      const fix = "remove it; ours is the default";
      report.wrong({ document, path: ["upstreams", i, "flows", "firstLogin"] }, message, fix);
    }
  }
}
