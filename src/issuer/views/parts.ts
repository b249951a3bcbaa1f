import type { Entitlement, Person, Scope } from "../../core/index.ts";
import { type Html, html, type Language, unknownAddress } from "../../http/index.ts";
import type { Policy } from "../../policy/index.ts";
import { type Client, commandClient, type ScopeName } from "../clients/registry.ts";
import { words } from "../words/index.ts";

// Parts that several pages share.

/** Who is signed in, and the way to what hangs on it. */
export const signedIn = (language: Language, person: Person): Html =>
  html`<p class="aside">${words[language].shared.signedIn(person.preferredUsername, person.tenant)} <a href="/account">${words[language].shared.accountLink}</a></p>`;

/** A client's name for people: what stands for a target is named by it; others bear the name of the configuration. */
export function programName(language: Language, policy: Policy, client: Client | undefined, id: string): string {
  const { command, openstack, kubernetes } = words[language].shared;
  if (id === commandClient) return command;
  const target = client?.target === undefined ? undefined : policy.targets.get(client.target);
  if (target) return target.kind === "openstack" ? openstack(target.name) : kubernetes(target.name);
  return client?.name ?? id;
}

/** Where somebody is, for people. */
export const formatAddress = (language: Language, address: string | undefined): string =>
  address === undefined || address === unknownAddress ? words[language].shared.unknown : address;

/** Whether clouds are told a user name that the program itself did not ask for (decision 0042). */
export const cloudsSeeName = (
  policy: Pick<Policy, "targets">,
  scope: readonly string[],
  entitlements: readonly Entitlement[],
): boolean =>
  !scope.includes("profile") && entitlements.some((e) => policy.targets.get(e.target)?.kind === "openstack");

/** The scopes of a request as a list in words, and what they make clouds see. */
export function scopesList(language: Language, scope: readonly string[], cloudsSee: boolean): Html {
  const { scopes, cloudsSeeName: message } = words[language].shared;
  const items = [...scope.map((s) => scopes[s as ScopeName] ?? s), ...(cloudsSee ? [message] : [])];
  return html`<ul class="plain">${items.map((s) => html`<li>${s}</li>`)}</ul>`;
}

/** What a person would act with, and what else the person has that this login would not carry. */
export function rightsList(
  language: Language,
  entitlements: readonly Entitlement[],
  withheld: readonly Entitlement[] = [],
): Html {
  const { rights, noRights, noneCarried, right, notCarried, carriedInBrowser } = words[language].shared;
  const list = (some: readonly Entitlement[]) =>
    html`<ul>${some.map((e) => html`<li>${right(e.role, e.target, formatWhere(language, e.scope))}</li>`)}</ul>`;
  const kept =
    withheld.length > 0 && html`<p>${notCarried}</p>${list(withheld)}<p class="aside">${carriedInBrowser}</p>`;
  if (entitlements.length > 0) return html`<p>${rights}</p>${list(entitlements)}${kept}`;
  return html`<p class="warning">${withheld.length > 0 ? noneCarried : noRights}</p>${kept}`;
}

function formatWhere(language: Language, scope: Scope): string {
  const { domain, project, inherited, cluster, namespace, namespaces, ofTenant, allTenants } = words[language].shared;
  switch (scope.kind) {
    case "domain":
      return domain(scope.domain);
    case "project":
      return project(`${scope.domain}/${scope.project}`);
    case "inherited":
      return inherited(scope.domain);
    case "cluster":
      return cluster;
    case "namespace":
      return namespace(scope.namespace);
    case "namespaces":
      return namespaces(scope.label);
    case "tenant":
      return ofTenant(scope.tenant);
    case "all-tenants":
      return allTenants;
  }
}

/** The fields that bind a form to this session, this page and this login. */
export const bound = (formToken: string, handle: string): Html =>
  html`<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="flow" value="${handle}">`;
