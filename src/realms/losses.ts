import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import { Fault } from "../core/index.ts";
import { formatKey, type Identity, identityOf, type Observed, type Plan, type Step } from "../reconcile/index.ts";
import { mapOf, type RealmAccess, textOf } from "./access.ts";
import { type GroupPath, parseGroupPath } from "./group-path.ts";
import type { OwnedKey, RealmKeys } from "./identity.ts";
import { clientIdOf } from "./kinds/client.ts";
import { texts } from "./kinds/kind.ts";
import { clientsOf, identityProvidersOf, peopleOf } from "./lists.ts";
import { parseRole } from "./role-name.ts";

/** Deletions that are looked into: each costs a request or more. */
const mostAsked = 50;
/** Accounts that are counted, a thousand a request. */
const mostCounted = 10_000;
/** Names that one remark lists. */
const mostNamed = 5;

/** What a plan rests on. */
interface Ground {
  readonly plan: Pick<Plan, "steps">;
  readonly observed: readonly Observed[];
}

interface Sight extends Ground {
  readonly at: RealmAccess;
  /** Read when they are first needed, and once. */
  readonly clients: () => Promise<readonly ClientRepresentation[]>;
  readonly identityProviders: () => Promise<readonly IdentityProviderRepresentation[]>;
}

/** What people and things of others lose by one deletion, in words; `undefined`: nothing. */
type LossOf = (sight: Sight, gone: Observed) => Promise<string | undefined>;

const losses: Readonly<Record<string, LossOf>> = {
  group: lossOfGroup,
  "organization-group": lossOfGroup,
  "client-scope": lossOfScope,
  "authentication-flow": lossOfFlow,
  "realm-role": lossOfRole,
  "client-role": lossOfRole,
  "identity-provider": lossOfIdentityProvider,
  organization: lossOfOrganization,
};

/**
 * What others lose by a plan and it does not show as steps: people who are in a group that goes, clients that have a scope
 * that goes. Asks Keycloak only about what is deleted. Throws `Fault` when it does not answer.
 */
export async function formatLosses(at: RealmAccess, { plan, observed }: Ground): Promise<readonly string[]> {
  const seen = new Map(observed.map((o) => [identityOf(o), o]));
  const going = plan.steps.flatMap((step) => {
    const o = step.action === "delete" ? seen.get(identityOf(step)) : undefined;
    return o === undefined || o.comesWith !== undefined || losses[o.kind] === undefined ? [] : [o];
  });
  const sight: Sight = {
    ...{ at, plan, observed },
    clients: once(() => clientsOf(at)),
    identityProviders: once(() => identityProvidersOf(at)),
  };
  const found = await Promise.all(going.slice(0, mostAsked).map((gone) => lossOf(sight, gone)));
  const more = going.length - mostAsked;
  return [
    ...found.flatMap((loss) => loss ?? []),
    ...(more > 0 ? [`who loses something by ${more} more deletions was not looked into: there are too many`] : []),
  ];
}

async function lossOf(sight: Sight, gone: Observed): Promise<string | undefined> {
  try {
    return await losses[gone.kind]?.(sight, gone);
  } catch (thrown) {
    // An account that may change groups and not see people can still apply.
    if (!(thrown instanceof Fault) || !thrown.refused) throw thrown;
    return `who loses something by the end of ${identityOf(gone)} could not be read: ${thrown.message}`;
  }
}

async function lossOfGroup({ at, plan, observed }: Sight, gone: Observed): Promise<string | undefined> {
  const id = idIn(gone);
  const { organization, path } = placeOf(gone);
  const orgId = textOf(mapOf(mapOf(gone.remote)?.["raw"])?.["orgId"]);
  const people = await counted((page) =>
    at.list("members of a group", ({ groups, organizations }, realm) =>
      (organization === undefined ? groups : organizations.groups(orgId)).listMembers({ realm, id, ...page }),
    ),
  );
  if (people.n === 0) return undefined;
  const roles = observed.filter((o) => o.kind === gone.kind && isAbove(o, gone)).flatMap(rolesOf);
  const what = roles.length === 0 ? "its membership, which gives no role" : `what it gives: ${named(roles)}`;
  const like = plan.steps
    .filter((step) => step.kind === "group" && step.action === "create" && organization === undefined)
    .find((step) => parseGroupPath(step.key).path.at(-1) === path.at(-1));
  const remedy =
    like === undefined
      ? "To keep them in it, let the file keep it"
      : `Nobody of them is in ${like.key}, which is made and is another group. To keep them in it, move the group in Keycloak's console before this is applied`;
  return `group ${formatKey(gone.key)} goes, and ${people.words} in it ${people.n === 1 ? "loses" : "lose"} ${what}. ${remedy}`;
}

/** Where a group is: the names that lead to it, and the organization if it is one's. */
function placeOf({ kind, key }: Observed): { readonly organization?: string; readonly path: readonly string[] } {
  if (kind === "group") return { path: (key as GroupPath).path };
  const [organization, { path }] = key as RealmKeys["organization-group"];
  return { organization, path };
}

/** True for a group above another one, and for that one. */
function isAbove(one: Observed, other: Observed): boolean {
  const [above, below] = [placeOf(one), placeOf(other)];
  return above.organization === below.organization && above.path.every((name, i) => below.path[i] === name);
}

/** Names of roles that a group gives. */
const rolesOf = ({ fields }: Observed): string[] => [
  ...texts(fields["realmRoles"]),
  ...texts(fields["clientRoles"]).map((text) => {
    const { client, role } = parseRole(text) ?? { role: text };
    return client === undefined ? role : `${role} of client ${client}`;
  }),
];

async function lossOfScope({ plan, clients }: Sight, { key }: Observed): Promise<string | undefined> {
  const scope = textOf(key);
  const shown = stepsOn(plan);
  const losers = (await clients()).filter(({ clientId = "", defaultClientScopes = [], optionalClientScopes = [] }) => {
    const isTold =
      shown.has(identityOf({ kind: "client-scope-assignment", key: [clientId, scope] })) ||
      shown.get(identityOf({ kind: "client", key: clientId }))?.action === "delete";
    return !isTold && [...defaultClientScopes, ...optionalClientScopes].includes(scope);
  });
  if (losers.length === 0) return undefined;
  const names = named(losers.map(({ clientId }) => textOf(clientId)));
  return `client scope ${scope} goes, and these clients, which no step of this plan names, lose it: ${names}. To keep it for them, let the file keep the scope`;
}

async function lossOfFlow({ plan, clients, identityProviders }: Sight, gone: Observed): Promise<string | undefined> {
  const flow = textOf(gone.key);
  const shown = stepsOn(plan);
  const isTold = (it: Identity) => {
    const step = shown.get(identityOf(it));
    return step?.action === "delete" || step?.changes.some(({ path }) => path.some((name) => /flow/i.test(name)));
  };
  const id = idIn(gone);
  const users = [
    ...(await clients())
      .filter(({ authenticationFlowBindingOverrides: own = {} }) => Object.values(own).includes(id))
      .map(({ clientId }) => ({ kind: "client", key: textOf(clientId) })),
    ...(await identityProviders())
      .filter((one) => [one.firstBrokerLoginFlowAlias, one.postBrokerLoginFlowAlias].includes(flow))
      .map(({ alias }) => ({ kind: "identity-provider", key: textOf(alias) })),
  ].filter((user) => !isTold(user));
  if (users.length === 0) return undefined;
  return `flow ${flow} goes, and what uses it does as the realm does from then on: ${named(users.map(identityOf))}. To keep it for them, let the file keep the flow`;
}

async function lossOfRole({ at }: Sight, { kind, key }: Observed): Promise<string | undefined> {
  const [client, role] = kind === "client-role" ? (key as OwnedKey) : [undefined, textOf(key)];
  const owner = client === undefined ? "" : await clientIdOf(at, client);
  const holders = await counted((page) =>
    at.list("who has a role", ({ clients, roles }, realm) =>
      client === undefined
        ? roles.findUsersWithRole({ realm, name: role, ...page })
        : clients.findUsersWithRole({ realm, id: owner, roleName: role, ...page }),
    ),
  );
  if (holders.n === 0) return undefined;
  const accounts = holders.n === 1 ? "1 account" : `${holders.n} accounts`;
  return `role ${formatKey(key)} goes, and ${accounts} to which it was given by hand ${holders.n === 1 ? "loses" : "lose"} it. To keep it for them, let the file keep the role`;
}

async function lossOfIdentityProvider({ at }: Sight, { key }: Observed): Promise<string | undefined> {
  const n = (await peopleOf(at, textOf(key))).length;
  if (n === 0) return undefined;
  return `identity provider ${textOf(key)} goes, and ${some(n)} who came through it ${n === 1 ? "loses the" : "lose their"} link to it: if it is ever added again, they come back as new people`;
}

async function lossOfOrganization({ at }: Sight, gone: Observed): Promise<string | undefined> {
  const orgId = idIn(gone);
  const people = await counted((page) =>
    at.list("members of an organization", ({ organizations }, realm) =>
      organizations.listMembers({ realm, orgId, ...page }),
    ),
  );
  if (people.n === 0) return undefined;
  return `organization ${formatKey(gone.key)} goes, and ${people.words} in it ${people.n === 1 ? "is" : "are"} its member no more. To keep them in it, let the file keep it`;
}

/** Keycloak's id of what a kind has read. */
const idIn = ({ id, remote }: Observed): string => textOf(id ?? mapOf(remote)?.["id"]);

const stepsOn = ({ steps }: Ground["plan"]): ReadonlyMap<string, Step> =>
  new Map(steps.map((step) => [identityOf(step), step]));

/** Counts a list page by page, up to a limit. */
async function counted(
  read: (page: { readonly first: number; readonly max: number }) => Promise<readonly unknown[]>,
): Promise<{ readonly n: number; readonly words: string }> {
  const max = 1000;
  for (let n = 0; ; ) {
    const page = await read({ first: n, max });
    n += page.length;
    if (page.length < max) return { n, words: some(n) };
    if (n >= mostCounted) return { n, words: `${n} people or more` };
  }
}

const some = (n: number): string => (n === 1 ? "1 person" : `${n} people`);

/** The first few names, and how many more. */
/** Names in order, the first few of them. */
export function named(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort();
  const more = sorted.length - mostNamed;
  return `${sorted.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
