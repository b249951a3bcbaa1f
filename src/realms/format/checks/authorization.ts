import { suggest } from "../../../yaml/index.ts";
import type { AuthorizationEntry } from "../authorization.ts";
import type { LocatedRealm } from "../model.ts";
import type { Place, Report } from "./report.ts";

/** Authorization services that cannot work: no account, names that lead nowhere (Keycloak answers 500), code. */
export function checkAuthorization({ data, documents }: LocatedRealm, report: Report): void {
  for (const { document, data: part } of documents) {
    for (const [clientId, client] of Object.entries(part.clients)) {
      if (client.template !== "custom" || client.authorization === undefined) continue;
      const place = { document, path: ["clients", clientId, "authorization"] };
      if (client.machine !== true) {
        const message = "Keycloak gives authorization services only to a client with an account of its own";
        report.wrong(place, message, "add `machine: true`", true);
      }
      namesIn(client.authorization, place, report);
      providers(client.authorization, place, data.extensions.policies, report);
    }
  }
}

function namesIn(entry: AuthorizationEntry, { document, path }: Place, report: Report): void {
  const [scopes, resources, policies] = [entry.scopes, entry.resources, entry.policies].map((one) => Object.keys(one));
  const known = { scope: scopes ?? [], resource: resources ?? [], policy: policies ?? [] };
  const all = (what: keyof typeof known, list: readonly string[] | undefined, at: readonly string[]) => {
    for (const [i, name] of (list ?? []).entries()) {
      if (known[what].includes(name)) continue;
      const where = { document, path: [...path, ...at, i] };
      report.wrong(where, `no ${what} "${name}" among what this client guards by`, suggest(name, known[what]));
    }
  };
  for (const [name, { scopes: of }] of Object.entries(entry.resources)) all("scope", of, ["resources", name, "scopes"]);
  const told = new Set<string>();
  for (const [name, policy] of Object.entries(entry.policies)) {
    if (policy.type !== "aggregate") continue;
    all("policy", policy.policies, ["policies", name, "policies"]);
    // A circle is one mistake, however many policies it leads through.
    const round = told.has(name) ? [] : circle(entry, name);
    for (const one of round) told.add(one);
    if (round.length === 0) continue;
    const where = { document, path: [...path, "policies", name, "policies"] };
    report.wrong(where, `the policy "${name}" decides by itself`, "remove one of them");
  }
  for (const [name, permission] of Object.entries(entry.permissions)) {
    const at = ["permissions", name];
    all("resource", permission.resources, [...at, "resources"]);
    all("scope", permission.scopes, [...at, "scopes"]);
    all("policy", permission.policies, [...at, "policies"]);
    if (!known.policy.includes(name)) continue;
    const message = `"${name}" is the name of a policy, and Keycloak has one set of names for both`;
    report.wrong({ document, path: [...path, ...at] }, message, "name it anew", true);
  }
}

/** The policies that decide by themselves by way of this one; none if it does not. */
function circle(entry: AuthorizationEntry, name: string): readonly string[] {
  const all = decidesBy(entry, name);
  return all.has(name) ? [...all].filter((one) => decidesBy(entry, one).has(name)) : [];
}

/** All policies that one decides by, however long the way. */
function decidesBy({ policies }: AuthorizationEntry, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const policy = Object.hasOwn(policies, name) ? policies[name] : undefined;
    if (policy?.type !== "aggregate") continue;
    for (const next of policy.policies ?? []) {
      if (!seen.has(next)) open.push(next);
      seen.add(next);
    }
  }
  return seen;
}

function providers(
  { policies }: AuthorizationEntry,
  { document, path }: Place,
  known: readonly string[],
  report: Report,
): void {
  for (const [name, policy] of Object.entries(policies)) {
    if (policy.type !== "custom") continue;
    const at = [...path, "policies", name];
    if (!known.includes(policy.provider)) {
      const message = `Keycloak has no policy of type "${policy.provider}" by itself`;
      const fix = `${suggest(policy.provider, known)} (one that a jar brings is named under extensions.policies)`;
      report.wrong({ document, path: [...at, "provider"] }, message, fix);
    }
    if (!Object.hasOwn(policy.config, "code")) continue;
    // Keycloak runs it in its own process: who may upload it is not who may write files.
    const message =
      "code of a script is never in a realm file: Keycloak takes scripts from jars, which need other rights";
    report.wrong({ document, path: [...at, "config", "code"] }, message, "put the script into a jar on the server");
  }
}
