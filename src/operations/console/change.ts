import {
  type ApiProblem,
  type CommitId,
  consoleTarget,
  err,
  isConsoleScope,
  ok,
  type Result,
  type TenantName,
} from "../../core/index.ts";
import { decideFor } from "../../issuer/index.ts";
import {
  applyChanges,
  type Change,
  conflictsOf,
  differences,
  formatChange,
  grantsBeyondManagers,
  type Policy,
  type RightChange,
  readEntries,
  setsBeyondManagers,
} from "../../policy/index.ts";
import type { Changes, Repository } from "../../repository/index.ts";
import type { PolicyFiles } from "../policies/files-in-use.ts";
import { type Caller, reachToDecide, reachToManage } from "./caller.ts";
import { collision, notSaved, operatorsOwn, refusedEdits, refusedPolicy } from "./change-problems.ts";
import type { ConsoleDeps } from "./deps.ts";
import { type ListedPerson, listedPerson } from "./everybody.ts";
import { refuse } from "./sentences.ts";

/** A change of a tenant's policy, made with the files of one commit in view. */
interface ChangeAsked {
  readonly tenant: string;
  readonly from: CommitId;
  readonly changes: readonly Change[];
  /** What the commit is called; default: the first change. */
  readonly subject?: string;
  /** The access request that is approved by it: whoever decides requests may make it, and nobody more than a manager gives. */
  readonly request?: string | undefined;
}

/** What becomes of one right: who gains it, who loses it. */
interface PeopleChange {
  readonly right: string;
  readonly gain: readonly ListedPerson[];
  readonly lose: readonly ListedPerson[];
  /** Those who lose it and got a token for its target in the last thirty days. */
  readonly loseInUse: readonly ListedPerson[];
}

/** Who got a token for a target within so many seconds uses it. */
const inUseWithin = 30 * 86_400;

/** What a change would do, before it is saved. */
export interface ChangePreview {
  /** Each change in words. */
  readonly sentences: readonly string[];
  readonly people: readonly PeopleChange[];
  /** The known people of whom it cannot be told. */
  readonly unclear: number;
}

/** Says what a change would do to whom. Writes nothing; refuses whatever saving would refuse now. */
export async function previewChange(
  asked: ChangeAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ChangePreview, ApiProblem>> {
  const at = await openToChange(asked, deps, caller);
  if (!at.ok) return at;
  const { repository } = at.value;
  const head = await repository.head();
  const made = await edited(at.value, asked, await textsAt(repository, head), caller, deps);
  if (!made.ok) return made;
  const { name } = at.value;
  const view = await deps.viewOf(name);
  const now = deps.clock.now();
  const known = view.people.map((person) => ({ ...person, person: person.sub as string }));
  const { changes, unclear } = differences(deps.policy, made.value.after, known, now);
  const listed = (subs: readonly string[]) => subs.flatMap((sub) => view.find(sub) ?? []).map(listedPerson);
  return ok({
    sentences: made.value.sentences,
    people: changes.map((change) => {
      const lose = listed(change.lose);
      const loseInUse = lose.filter(({ sub }) => (view.lastToken(sub, change.target) ?? 0) > now - inUseWithin);
      return { right: rightOf(change), gain: listed(change.gain), lose, loseInUse };
    }),
    unclear: unclear.length,
  });
}

const rightOf = ({ target, right }: RightChange): string => `${target} ${right}`;

/** What was saved: the commit, and each change in words; none when everything was so already. */
export interface ChangeSaved {
  readonly commit: CommitId;
  readonly sentences: readonly string[];
  /** It counts when somebody has merged it at the remote; until then everything is as it was. */
  readonly proposed?: true;
}

/** Saves a change as a commit of the caller's, and puts it into use. Nothing is saved unless all of it may be, and works. */
export async function saveChange(
  asked: ChangeAsked,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ChangeSaved, ApiProblem>> {
  const at = await openToChange(asked, deps, caller);
  if (!at.ok) return at;
  const { repository, files, name } = at.value;
  const { person } = caller;
  let sentences: readonly string[] = [];
  const saved = await repository.save<ApiProblem>({
    from: asked.from,
    author: { name: person.name ?? person.preferredUsername, email: person.email ?? `${person.sub}@${name}.invalid` },
    subject: asked.subject ?? subjectOf(name, asked.changes),
    trailers: { Sub: person.sub, ...(asked.request !== undefined && { "Access-Request": asked.request }) },
    edit: async (texts) => {
      const made = await edited(at.value, asked, texts, caller, deps);
      if (!made.ok) return made;
      sentences = made.value.sentences;
      return ok(made.value.changed);
    },
  });
  if (!saved.ok) return err("code" in saved.refusal ? saved.refusal : notSaved(saved.refusal));
  const { commit, parent, proposed } = saved.value;
  const said = { tenant: name, sub: person.sub, commit, detail: sentences.join("; ") };
  if (proposed) {
    deps.audit.record("policy.proposed", said);
    return ok({ commit, sentences, proposed });
  }
  if (commit !== parent) deps.audit.record("policy.saved", said);
  await files.take();
  return ok({ commit, sentences });
}

/** The tenant's place in the repository, for somebody who may change it. */
interface Opened {
  readonly name: TenantName;
  readonly files: PolicyFiles;
  readonly repository: Repository;
}

/** Opens it. Refuses who may not change the tenant, and a commit that is not there. */
export async function openToChange(
  { tenant, from, request }: Pick<ChangeAsked, "tenant" | "from" | "request">,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<Opened, ApiProblem>> {
  const reached = (request === undefined ? reachToManage : reachToDecide)(deps, caller, tenant);
  if (!reached.ok) return reached;
  const files = deps.policyFiles;
  const repository = files?.repository;
  if (files === undefined || repository === undefined) {
    return err(refuse("forbidden", "noRepository", {}));
  }
  if ((await repository.commit(from)) === undefined) return err(notSaved({ kind: "from" }));
  return ok({ name: reached.value.tenant.name, files, repository });
}

/** What the tenant's files become, when all of it may be. */
interface Edited {
  readonly changed: Changes;
  readonly after: Policy;
  readonly sentences: readonly string[];
}

async function edited(
  { name, files, repository }: Opened,
  { from, changes, request }: ChangeAsked,
  head: ReadonlyMap<string, string>,
  caller: Caller,
  deps: ConsoleDeps,
): Promise<Result<Edited, ApiProblem>> {
  // What was saved a moment ago counts, before it is read by the job that follows the files.
  await files.take();
  const scope = { tenant: name, tenants: [...deps.policy.tenants.keys()] };
  const base = await textsAt(repository, from);
  const entries = entriesOf(head, name);
  const foreign = changes.find((change) => !entries.has(keyOf(change)) && isOperators(deps.policy, name, change));
  if (foreign) return err(operatorsOwn(foreign));
  const collided = conflictsOf(base, head, changes, scope);
  if (!collided.ok) return err(refusedEdits(collided.refusal));
  const { conflicts, open: left } = collided.value;
  if (conflicts.length > 0) return err(collision(conflicts));
  const changed = applyChanges(head, left, { ...scope, newFile: `${name}/policy.yaml` });
  if (!changed.ok) return err(refusedEdits(changed.refusal));
  const after = await files.wouldBe(changed.value, name);
  if (!after.ok) return err(refusedPolicy(after.refusal, name));
  const refused = mayStand(deps, { caller, isApproval: request !== undefined }, name, after.value);
  if (refused) return err(refused);
  const sentences = left.map((one) => formatChange(one, entries.get(keyOf(one)), one.value));
  return ok({ changed: changed.value, after: after.value, sentences });
}

/** The tenants' files at a commit, by their paths. */
export async function textsAt(repository: Repository, commit: CommitId): Promise<ReadonlyMap<string, string>> {
  const { files } = await repository.filesAt(commit);
  return new Map(files.map(({ file, text }) => [file, text]));
}

const keyOf = ({ section, name }: Pick<Change, "section" | "name">): string => JSON.stringify([section, name]);

/** What the tenant's files say now, entry by entry. */
const entriesOf = (texts: ReadonlyMap<string, string>, tenant: TenantName): ReadonlyMap<string, unknown> =>
  new Map(
    [...texts].flatMap(([file, text]) => {
      const entries = readEntries(text, file);
      return entries.ok
        ? entries.value.filter((e) => e.tenant === tenant).map((e) => [keyOf(e), e.value] as const)
        : [];
    }),
  );

/** Whether the policy has an entry that is in none of the tenant's own files: then it stands in one of the operator's. */
function isOperators({ rules }: Policy, tenant: TenantName, { section, name }: Change): boolean {
  const all = rules.get(tenant);
  switch (section) {
    case "sets":
      return all?.sets.has(name) ?? false;
    case "people":
      return all?.people.has(name) ?? false;
    case "grants":
      return all?.grants.some(({ id }) => id === name) ?? false;
    case "tests":
      return false;
  }
}

const subjectWords: Readonly<Record<Change["section"], string>> = {
  sets: "set",
  people: "people",
  grants: "grant",
  tests: "test",
};

/** The subject of a commit: the grant that is meant, or else the first change, and how many more there are. */
const subjectOf = (tenant: TenantName, changes: readonly Change[]): string => {
  const meant = changes.find(({ section }) => section === "grants") ?? changes[0];
  const more = changes.length > 1 ? ` and ${changes.length - 1} more` : "";
  if (meant === undefined) return `${tenant}: nothing`;
  return `${tenant}: ${subjectWords[meant.section]} ${meant.name}${meant.value === undefined ? " removed" : ""}${more}`;
};

/** What may not stand, though the operator's limits hold: more than a manager may give (S-43), or the loss of the own right. */
function mayStand(
  deps: ConsoleDeps,
  { caller, isApproval }: { readonly caller: Caller; readonly isApproval: boolean },
  tenant: TenantName,
  after: Policy,
): ApiProblem | undefined {
  const rolesBy = (policy: Policy) => {
    const decision = decideFor({ ...deps, policy }, caller, consoleTarget);
    return decision.kind === "decided" ? decision.entitlements : [];
  };
  // By the policy of now: a change must not be judged by what it would make of whoever asks for it.
  const before = rolesBy(deps.policy);
  // Nobody becomes a manager by asking for it, whoever approves (S-43).
  if (!isApproval && before.some(({ role }) => role === "operator")) return undefined;
  const manages = (roles: typeof before) =>
    roles.some(
      ({ role, scope }) =>
        role === "tenant-manager" && isConsoleScope(scope) && scope.kind === "tenant" && scope.tenant === tenant,
    );
  if (manages(before) && !manages(rolesBy(after))) {
    return refuse("forbidden", "ownRightLost", {});
  }
  const [grant] = grantsBeyondManagers(deps.policy, after, tenant);
  const [set] = setsBeyondManagers(deps.policy, after, tenant);
  if (grant !== undefined) return refuse("forbidden", "grantBeyond", { grant: grant.id });
  return set && refuse("forbidden", "setBeyond", { set: set.name });
}
