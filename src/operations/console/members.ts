import {
  type ApiProblem,
  err,
  type IdentityProviderAlias,
  type Instant,
  ok,
  type Result,
  refusal,
  type SubjectId,
  type TenantName,
} from "../../core/index.ts";
import type { Member, Members } from "../../realms/index.ts";
import { type Caller, type ReachableTenant, reachTenant, reachToManage } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import type { KnownMember } from "./everybody.ts";
import type { MembersAccess } from "./open-members.ts";
import { type PageOf, pageOf } from "./page-of.ts";

/** A member of the tenant who lives in the realm, with what the broker knows of the person. */
export interface ListedMember extends Member {
  readonly sub: SubjectId;
  readonly name: string;
  /** Absent: never, or too long ago. */
  readonly lastLogin?: Instant;
}

/** Where a tenant's members are. */
export interface MembersPlace {
  readonly reached: ReachableTenant;
  readonly members: Members;
  /** What they come under in the policy. */
  readonly alias: IdentityProviderAlias;
  subOf(member: Pick<Member, "id">): SubjectId;
}

/** Whether a tenant has people who live in the realm, and whether they can be managed here. */
function membersOfTenant(
  { members }: Pick<ConsoleDeps, "members">,
  { identityProviders }: ReachableTenant["tenant"],
): MembersPage["managed"] {
  if (!identityProviders.some((alias) => members?.organizationOf(alias) !== undefined)) return "none";
  return members?.open === undefined ? "no account" : "managed";
}

/** The way to a tenant's members, for somebody who may see the tenant. */
const seeMembers = (deps: ConsoleDeps, caller: Caller, tenant: string): Result<MembersPlace, ApiProblem> =>
  placeOf(deps, reachTenant(deps, caller, tenant));

/** The same for somebody who may change it: what is changed is read anew. */
export function manageMembers(deps: ConsoleDeps, caller: Caller, tenant: string): Result<MembersPlace, ApiProblem> {
  const place = placeOf(deps, reachToManage(deps, caller, tenant));
  if (!place.ok) return place;
  const forget = () => deps.members?.readings.forget(place.value.reached.tenant.name);
  return ok({ ...place.value, members: forgetting(place.value.members, forget) });
}

/** Members, of whom whatever is changed makes forget what was read of them. */
function forgetting(members: Members, forget: () => void): Members {
  const then = <T>(work: Promise<T>): Promise<T> => work.finally(forget);
  return {
    ...members,
    make: (who) => then(members.make(who)),
    enable: (id, enabled) => then(members.enable(id, enabled)),
    setGroups: (id, groups) => then(members.setGroups(id, groups)),
    remove: (id) => then(members.remove(id)),
  };
}

function placeOf(
  { members }: ConsoleDeps,
  reached: Result<ReachableTenant, ApiProblem>,
): Result<MembersPlace, ApiProblem> {
  if (!reached.ok) return reached;
  const { name, identityProviders } = reached.value.tenant;
  const alias = identityProviders.find((one) => members?.organizationOf(one) !== undefined);
  const organization = alias && members?.organizationOf(alias);
  if (members === undefined || organization === undefined || alias === undefined)
    return err(refusal("not_found", "this tenant's people come through its identity provider. Invite them there"));
  if (members.open === undefined) {
    const message = "this broker has no account at Keycloak for members. Ask its operator to set upstream.members";
    return err(refusal("forbidden", message));
  }
  return ok({
    reached: reached.value,
    members: members.open(organization, alias),
    alias,
    subOf: subjectsOf(members, name),
  });
}

const subjectsOf =
  (members: MembersAccess, tenant: TenantName) =>
  ({ id }: Pick<Member, "id">): SubjectId =>
    members.subOf(id, tenant);

/** How the members of a tenant are known to the list of all people. */
export interface MembersKnown {
  readonly state: "none" | "no account" | "read" | "no answer" | "being read";
  /** When they were read. */
  readonly at?: Instant;
}

const nobody: readonly KnownMember[] = [];

/** The members of a tenant as they were read a moment ago. Nobody waits long for the realm, nor for one that is away. */
export async function knownMembers(
  deps: ConsoleDeps,
  reached: ReachableTenant,
): Promise<{ readonly known: MembersKnown; readonly members: readonly KnownMember[] }> {
  const { members: access } = deps;
  const managed = membersOfTenant(deps, reached.tenant);
  if (access === undefined || managed === "none") return { known: { state: "none" }, members: nobody };
  if (managed === "no account") return { known: { state: managed }, members: nobody };
  const { reading, trouble } = await access.readings.look(reached.tenant.name, async () => {
    const place = placeOf(deps, ok(reached));
    if (!place.ok) return place;
    const found = await place.value.members.list();
    return ok({ members: found.map((member) => knownOf(member, place.value)) });
  });
  const state = trouble !== undefined ? "no answer" : reading === undefined ? "being read" : "read";
  return { known: { state, ...(reading && { at: reading.at }) }, members: reading?.members ?? nobody };
}

function knownOf(member: Member, place: MembersPlace): KnownMember {
  const { email, state, groups } = member;
  return { email, state, groups, alias: place.alias, ...named(member, place) };
}

/** Part of a tenant's members. */
export interface MembersPage extends PageOf<ListedMember> {
  /** `none`: the tenant's people come through its identity provider; `no account`: the broker cannot manage them. */
  readonly managed: "none" | "no account" | "managed";
}

/** Members of a tenant, by name: those who are invited, too, and those who never signed in. */
export async function listMembers(
  asked: {
    readonly tenant: string;
    readonly search?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<MembersPage, ApiProblem>> {
  const reached = reachTenant(deps, caller, asked.tenant);
  if (!reached.ok) return reached;
  const managed = membersOfTenant(deps, reached.value.tenant);
  if (managed !== "managed") return ok({ managed, items: [], total: 0 });
  const place = placeOf(deps, reached);
  if (!place.ok) return place;
  const all = (await place.value.members.list()).map((member) => ({ ...member, ...named(member, place.value) }));
  const wanted = (asked.search ?? "").trim().toLowerCase();
  const found = all.filter((one) =>
    [one.name, one.email, one.sub, ...one.groups].join("\n").toLowerCase().includes(wanted),
  );
  found.sort((a, b) => a.name.localeCompare(b.name) || a.email.localeCompare(b.email));
  const page = pageOf(found, ({ email }) => email, asked);
  const view = await deps.viewOf(place.value.reached.tenant.name);
  return ok({ managed, ...page, items: page.items.map((one) => withLogin(one, view.find(one.sub)?.at)) });
}

const withLogin = <T extends object>(member: T, lastLogin: Instant | undefined) => ({
  ...member,
  ...(lastLogin !== undefined && { lastLogin }),
});

const named = (member: Member, place: MembersPlace) => ({
  sub: place.subOf(member),
  name: `${member.firstName} ${member.lastName}`.trim() || member.email,
});

/** One member by the address; somebody else's is not there (S-46). */
export async function memberNamed(
  { email }: { readonly email: string },
  place: MembersPlace,
): Promise<Result<ListedMember, ApiProblem>> {
  const found = isAddress(email) ? await place.members.named(email) : undefined;
  if (found === undefined) return err(refusal("not_found", "there is no such member"));
  return ok({ ...found, ...named(found, place) });
}

/** Looks at one member, for showing. */
export async function showMember(
  asked: { readonly tenant: string; readonly email: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ListedMember, ApiProblem>> {
  const place = seeMembers(deps, caller, asked.tenant);
  if (!place.ok) return place;
  const found = await memberNamed(asked, place.value);
  if (!found.ok) return found;
  const view = await deps.viewOf(place.value.reached.tenant.name);
  return ok(withLogin(found.value, view.find(found.value.sub)?.at));
}

/** An address as Keycloak takes it in a name, too. */
export const isAddress = (text: string): boolean =>
  text.length <= 190 &&
  /^[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/.test(text);
