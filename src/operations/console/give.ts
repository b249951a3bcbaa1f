import { createHash } from "node:crypto";
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
import { isSameValue } from "../../yaml/index.ts";
import type { Caller } from "./caller.ts";
import { openToChange } from "./change.ts";
import type { ConsoleDeps } from "./deps.ts";
import { writtenGrant } from "./grants.ts";
import { refuse } from "./sentences.ts";

/** To whom something is given: people that the policy names, a group of an identity provider, or one person. */
export type GivenTo =
  | { readonly kind: "people"; readonly name: string }
  | { readonly kind: "group"; readonly group: string; readonly identityProvider: string }
  | { readonly kind: "person"; readonly sub: string }
  /** The same, as the identity provider knows the person, whose name the people of the policy get. */
  | {
      readonly kind: "subject";
      readonly subject: string;
      readonly identityProvider: string;
      readonly preferredUsername: string;
    };

/** A grant as somebody wants it. Moments as a policy file writes them. */
export interface GrantAsked {
  readonly tenant: string;
  /** The commit whose files the wish was made with. */
  readonly from: CommitId;
  /** Absent: it is a new one, and is called after what it gives to whom. */
  readonly id?: string | undefined;
  /** It is a new one, though it is named: refused where there is one of that name that says something else. */
  readonly isNew?: boolean | undefined;
  /** What the caller calls this wish. Asked again under the same key it is the same grant: its id is made of the key. */
  readonly key?: string | undefined;
  readonly set: string;
  readonly to: GivenTo;
  readonly at: readonly string[];
  readonly begins?: string | undefined;
  readonly ends?: string | undefined;
  readonly reason?: string | undefined;
  /** The access request that it comes of. */
  readonly request?: string | undefined;
}

/**
 * The changes of the tenant's policy by which a grant is as it is wanted: the grant, and the people if they are new. The same
 * wish, made of the same commit, is the same change, also when it was made already: what is sent twice makes no second grant.
 */
export async function changesToGive(
  asked: GrantAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly Change[], ApiProblem>> {
  const opened = await openToChange(asked, deps, caller);
  if (!opened.ok) return opened;
  const { name } = opened.value;
  const place = { deps, tenant: name, rules: deps.policy.rules.get(name) };
  const to = await peopleFor(asked.to, place);
  if (!to.ok) return to;
  const before = asked.id === undefined ? undefined : await writtenGrant(deps, asked.from, name, asked.id);
  const isNew = asked.id === undefined || asked.isNew === true;
  // What no form asks for stays.
  const { valid: _valid, because: _because, ...kept } = (isNew ? undefined : before) ?? {};
  const value = { ...kept, ...writtenAs(asked, to.value.name) };
  const id = asked.id ?? (await idFor(asked, caller, value, place));
  const grant: Change = { section: "grants", name: id, value: { ...value, id }, ...(isNew && { add: true }) };
  return ok([...to.value.changes, grant]);
}

/** The change by which a grant is there no more. One that was not there when the caller looked is not found. */
export async function changesToTakeBack(
  { grant: id, ...asked }: { readonly tenant: string; readonly from: CommitId; readonly grant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly Change[], ApiProblem>> {
  const opened = await openToChange(asked, deps, caller);
  if (!opened.ok) return opened;
  const { name } = opened.value;
  const isInUse = deps.policy.rules.get(name)?.grants.some((grant) => grant.id === id) ?? false;
  if (!isInUse && (await writtenGrant(deps, asked.from, name, id)) === undefined)
    return err(refusal("not_found", "there is no such grant"));
  return ok([{ section: "grants", name: id, value: undefined }]);
}

/** A grant as a policy file says it, without its id. */
function writtenAs({ set, at, begins, ends, reason }: GrantAsked, to: string): Readonly<Record<string, unknown>> {
  const valid = { ...(begins && { from: begins }), ...(ends && { until: ends }) };
  return {
    give: set,
    to,
    at,
    ...(Object.keys(valid).length > 0 && { valid }),
    ...(reason && { because: reason }),
  };
}

/** The id of a new grant. */
async function idFor(
  { key, set, from }: GrantAsked,
  { person }: Caller,
  value: Readonly<Record<string, unknown>>,
  { deps, tenant, rules }: Place,
): Promise<string> {
  if (key !== undefined) {
    // With the person: two people may hit upon the same key.
    const digest = createHash("sha256")
      .update(JSON.stringify([person.sub, key]))
      .digest("hex");
    return `${nameLike(set).slice(0, 24)}-k${digest.slice(0, 16)}`;
  }
  const head = (await deps.policyFiles?.repository?.head()) ?? from;
  const isTaken = async (name: string): Promise<boolean> => {
    if (!rules?.grants.some(({ id }) => id === name)) return false;
    if ((await writtenGrant(deps, from, tenant, name)) !== undefined) return true;
    // It came after the caller looked: if it says just this, it is this wish, sent before.
    const made = await writtenGrant(deps, head, tenant, name);
    return made === undefined || !isSameValue(made, { ...value, id: name });
  };
  return freeName(`${set}-${String(value["to"])}`, isTaken);
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
    const condition: Condition = {
      claim: "groups",
      test: "in",
      value: to.group,
      written: { groups: { has: to.group } },
    };
    return ok(await peopleBy(`group-${to.group}`, to.identityProvider, condition, place.rules));
  }
  if (to.kind === "subject") return ok(await personBy(to, place));
  const person = (await place.deps.viewOf(place.tenant)).find(to.sub);
  const subject = person?.claims["sub"];
  if (person === undefined) return err(refusal("not_found", "there is no such person"));
  if (typeof subject !== "string") {
    return err(refuse("invalid_input", "noSubject", {}));
  }
  return ok(await personBy({ ...person, subject }, place));
}

/** People of the policy who are one person. */
function personBy(
  {
    subject,
    identityProvider,
    preferredUsername,
  }: { readonly subject: string; readonly identityProvider: string; readonly preferredUsername: string },
  { rules }: Place,
): Promise<PeopleMeant> {
  const condition: Condition = {
    claim: "sub",
    test: "equals",
    value: subject,
    written: { sub: { equals: subject } },
  };
  return peopleBy(`person-${preferredUsername}`, identityProvider, condition, rules);
}

/** One condition, as it is compared and as it is written. */
interface Condition {
  readonly claim: string;
  /** One of a list's values, or the only value there is: the other test would mean other people. */
  readonly test: "in" | "equals";
  readonly value: string;
  readonly written: object;
}

async function peopleBy(
  wished: string,
  from: string,
  condition: Condition,
  rules: TenantRules | undefined,
): Promise<PeopleMeant> {
  const known = [...(rules?.people.values() ?? [])].find((people) => isJust(people, from, condition));
  if (known !== undefined) return { name: known.name, changes: [] };
  const name = await freeName(wished, (one) => rules?.people.has(one) ?? false);
  const value = { from, all: [condition.written] };
  return { name, changes: [{ section: "people", name, value, add: true }] };
}

/** Whether people are known by this one condition and nothing else. */
function isJust({ from, all, any, not, cel }: People, alias: string, { claim, test, value }: Condition): boolean {
  const [only, ...others] = all;
  const isIt = (atom: Atom): boolean =>
    atom.claim === claim &&
    atom.test === test &&
    !atom.verified &&
    atom.values.length === 1 &&
    atom.values[0] === value.normalize("NFC");
  return (
    from === (alias as IdentityProviderAlias) &&
    only !== undefined &&
    isIt(only) &&
    [...others, ...any, ...not].length === 0 &&
    cel === undefined
  );
}

/** Longest name that a policy takes. */
const longest = 48;

/** A name that a policy takes, as near to the wish as it can be, and not taken. */
export async function freeName(wish: string, isTaken: (name: string) => boolean | Promise<boolean>): Promise<string> {
  const base = nameLike(wish);
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!(await isTaken(name))) return name;
  }
}

function nameLike(wish: string): string {
  const plain = wish
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return (plain === "" ? "grant" : plain).slice(0, longest - 4).replace(/-+$/, "");
}
