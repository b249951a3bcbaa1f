import {
  type ApiProblem,
  type CommitId,
  err,
  type IdentityProviderAlias,
  ok,
  type Result,
  refusal,
} from "../../core/index.ts";
import type { TenantPerson } from "../../issuer/index.ts";
import type { Atom, Change, People, TenantRules } from "../../policy/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { writtenGrant } from "./grants.ts";

/** To whom something is given: people that the policy names, a group of an identity provider, or one person. */
export type GivenTo =
  | { readonly kind: "people"; readonly name: string }
  | { readonly kind: "group"; readonly group: string; readonly identityProvider: string }
  | { readonly kind: "person"; readonly sub: string };

/** A grant as somebody wants it. Moments as a policy file writes them. */
export interface GrantAsked {
  readonly tenant: string;
  /** The commit whose files the wish was made with. */
  readonly from: CommitId;
  /** Absent: it is a new one, and is called after what it gives to whom. */
  readonly id?: string | undefined;
  readonly set: string;
  readonly to: GivenTo;
  readonly at: readonly string[];
  readonly begins?: string | undefined;
  readonly ends?: string | undefined;
  readonly reason?: string | undefined;
}

/** The changes of the tenant's policy by which a grant is as it is wanted: the grant, and the people if they are new. */
export async function changesToGive(
  asked: GrantAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly Change[], ApiProblem>> {
  const reached = reachTenant(deps, caller, asked.tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const rules = deps.policy.rules.get(name);
  const to = await peopleFor(asked.to, { deps, tenant: name, rules });
  if (!to.ok) return to;
  const before = asked.id === undefined ? undefined : await writtenGrant(deps, asked.from, name, asked.id);
  const id = asked.id ?? freeName(`${asked.set}-${to.value.name}`, new Set(rules?.grants.map((grant) => grant.id)));
  const valid = { ...(asked.begins && { from: asked.begins }), ...(asked.ends && { until: asked.ends }) };
  const { valid: _valid, because: _because, ...kept } = before ?? {};
  const value = {
    ...kept,
    id,
    give: asked.set,
    to: to.value.name,
    at: asked.at,
    ...(Object.keys(valid).length > 0 && { valid }),
    ...(asked.reason && { because: asked.reason }),
  };
  const grant: Change = { section: "grants", name: id, value, ...(asked.id === undefined && { add: true }) };
  return ok([...to.value.changes, grant]);
}

interface Place {
  readonly deps: ConsoleDeps;
  readonly tenant: TenantPerson["tenant"];
  readonly rules: TenantRules | undefined;
}

/** People of the policy, and the change that makes them where there are none of this kind yet. */
interface PeopleMeant {
  readonly name: string;
  readonly changes: readonly Change[];
}

async function peopleFor(to: GivenTo, place: Place): Promise<Result<PeopleMeant, ApiProblem>> {
  if (to.kind === "people") return ok({ name: to.name, changes: [] });
  if (to.kind === "group") {
    const condition = { claim: "groups", value: to.group, written: { groups: { has: to.group } } };
    return ok(peopleBy(`group-${to.group}`, to.identityProvider, condition, place.rules));
  }
  const person = (await place.deps.viewOf(place.tenant)).find(to.sub);
  const sub = person?.claims["sub"];
  if (person === undefined) return err(refusal("not_found", "there is no such person"));
  if (typeof sub !== "string") {
    const message = "the identity provider of this person sends no subject. Give it to a group of the person's";
    return err(refusal("invalid_input", message));
  }
  const condition = { claim: "sub", value: sub, written: { sub: { equals: sub } } };
  return ok(peopleBy(`person-${person.preferredUsername}`, person.identityProvider, condition, place.rules));
}

/** One condition, as it is compared and as it is written. */
interface Condition {
  readonly claim: string;
  readonly value: string;
  readonly written: object;
}

function peopleBy(wished: string, from: string, condition: Condition, rules: TenantRules | undefined): PeopleMeant {
  const known = [...(rules?.people.values() ?? [])].find((people) => isJust(people, from, condition));
  if (known !== undefined) return { name: known.name, changes: [] };
  const name = freeName(wished, new Set(rules?.people.keys()));
  const value = { from, all: [condition.written] };
  return { name, changes: [{ section: "people", name, value, add: true }] };
}

/** Whether people are known by this one condition and nothing else. */
function isJust({ from, all, any, not, cel }: People, alias: string, { claim, value }: Condition): boolean {
  const [only, ...others] = all;
  const isIt = (atom: Atom): boolean =>
    atom.claim === claim && !atom.verified && atom.values.length === 1 && atom.values[0] === value.normalize("NFC");
  return (
    from === (alias as IdentityProviderAlias) &&
    only !== undefined &&
    (only.test === "in" || only.test === "equals") &&
    isIt(only) &&
    [...others, ...any, ...not].length === 0 &&
    cel === undefined
  );
}

/** Longest name that a policy takes. */
const longest = 48;

/** A name that a policy takes, as near to the wish as it can be, and not taken. */
function freeName(wish: string, taken: ReadonlySet<string>): string {
  const plain = wish
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  const base = (plain === "" ? "grant" : plain).slice(0, longest - 4).replace(/-+$/, "");
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(name)) return name;
  }
}
