import { ok, type Result, type TenantName } from "../../core/index.ts";
import { applyChanges, type Change, type Grant, readEntries, type TenantRules } from "../../policy/index.ts";
import { type Changes, topOf } from "../../repository/index.ts";
import type { PolicyFiles } from "../policies/files-in-use.ts";
import type { RequestDeps } from "./deps.ts";
import { isRequestId } from "./record.ts";

/** So long after its end the grant of an access request stays in the file, in seconds: a day longer than the request is remembered. */
const keptAfterEnd = 31 * 86_400;
/** So many are taken out at once; the next run takes the rest. */
const mostAtOnce = 50;

/**
 * Takes grants of access requests out of tenants' files a month after their end, with the people that were made for them alone: one
 * commit a tenant, and the history keeps them all. Nobody loses anything by it. What a test of the policy still asks for stays.
 */
export async function clearEndedGrants(deps: RequestDeps, stopping: AbortSignal): Promise<void> {
  for (const tenant of deps.policy.tenants.keys()) {
    if (stopping.aborted) return;
    const ended = endedGrants(deps, tenant);
    if (ended.length > 0 && deps.policyFiles !== undefined) await clear(deps, deps.policyFiles, tenant, ended);
  }
}

/** The grants of a tenant that an access request made and that ended so long ago, whatever became of their end since. */
function endedGrants({ policy, clock }: RequestDeps, tenant: TenantName): readonly Grant[] {
  const before = clock.now() - keptAfterEnd;
  return (policy.rules.get(tenant)?.grants ?? []).filter(
    ({ id, until }) => isRequestId(id) && until !== undefined && until <= before,
  );
}

async function clear(
  deps: RequestDeps,
  files: PolicyFiles,
  tenant: TenantName,
  ended: readonly Grant[],
): Promise<void> {
  const { repository } = files;
  const author = { name: "cloudpass", email: `ended-grants@${tenant}.invalid` };
  if (repository === undefined || (await isProposedAlready(files, tenant, author.email))) return;
  let cleared: readonly string[] = [];
  const saved = await repository.save<never>({
    from: await repository.head(),
    author,
    subject: `${tenant}: ended grants of access requests taken out`,
    edit: async (texts) => {
      const made = await without(deps, files, { tenant, ended, texts });
      cleared = made.cleared;
      return ok(made.changed);
    },
  });
  if (!saved.ok || cleared.length === 0) return;
  const { commit, proposed } = saved.value;
  const detail = `ended grants of access requests taken out: ${cleared.join(", ")}`;
  deps.audit.record(proposed ? "policy.proposed" : "policy.saved", { tenant, commit, detail });
  if (!proposed) await files.take();
}

/** Where changes of a tenant are proposed, one that waits is enough: another month's would be a second one of the same. */
async function isProposedAlready({ repository }: PolicyFiles, tenant: TenantName, email: string): Promise<boolean> {
  for (const { commit, state } of (await repository?.remote?.proposals.list()) ?? []) {
    if (commit.author.email !== email || state === "gone") continue;
    const [first] = (await repository?.changesOf(commit.id)) ?? [];
    if (first !== undefined && topOf(first.file) === tenant) return true;
  }
  return false;
}

/** A tenant's files, and what is to go from them. */
interface Clearing {
  readonly tenant: TenantName;
  readonly ended: readonly Grant[];
  readonly texts: ReadonlyMap<string, string>;
}

/** The files without what ended: all of it, or else what can go one by one. */
async function without(
  { policy }: RequestDeps,
  files: PolicyFiles,
  { tenant, ended, texts }: Clearing,
): Promise<{ readonly changed: Changes; readonly cleared: readonly string[] }> {
  const scope = { tenant, tenants: [...policy.tenants.keys()], newFile: `${tenant}/policy.yaml` };
  const rules = policy.rules.get(tenant);
  const own = ownGrants(texts, tenant);
  const all = ended.filter(({ id }) => own.has(id)).slice(0, mostAtOnce);
  const tryWithout = async (grants: readonly Grant[]): Promise<Result<Changes, unknown>> => {
    const edited = applyChanges(texts, removalsOf(grants, rules), scope);
    if (!edited.ok) return edited;
    const holds = await files.wouldBe(edited.value, tenant);
    return holds.ok ? edited : holds;
  };
  const whole = await tryWithout(all);
  if (whole.ok) return { changed: whole.value, cleared: all.map(({ id }) => id) };
  let changed: Changes = new Map();
  const gone: Grant[] = [];
  for (const grant of all) {
    const tried = await tryWithout([...gone, grant]);
    if (!tried.ok) continue;
    gone.push(grant);
    changed = tried.value;
  }
  return { changed, cleared: gone.map(({ id }) => id) };
}

/** The grants go, and people who were made for one person and to whom nothing else is given. */
function removalsOf(grants: readonly Grant[], rules: TenantRules | undefined): Change[] {
  const ids = new Set(grants.map(({ id }) => id));
  const stillMeant = new Set([
    ...(rules?.grants ?? []).filter(({ id }) => !ids.has(id)).map(({ people }) => people.name),
    ...(rules?.requestable?.deciders ?? []).map(({ name }) => name),
  ]);
  const people = new Set(
    grants.flatMap(({ people: one }) => (isOnePerson(one) && !stillMeant.has(one.name) ? [one.name] : [])),
  );
  return [
    ...[...ids].map((name): Change => ({ section: "grants", name, value: undefined })),
    ...[...people].map((name): Change => ({ section: "people", name, value: undefined })),
  ];
}

/** People as giving to one person makes them. */
const isOnePerson = ({ name, all: [only, ...others], any, not, cel }: Grant["people"]): boolean =>
  name.startsWith("person-") &&
  only?.claim === "sub" &&
  only.test === "equals" &&
  [...others, ...any, ...not].length === 0 &&
  cel === undefined;

/** The ids of the grants that stand in the tenant's own files. */
const ownGrants = (texts: ReadonlyMap<string, string>, tenant: TenantName): ReadonlySet<string> =>
  new Set(
    [...texts].flatMap(([file, text]) => {
      const entries = readEntries(text, file);
      return entries.ok
        ? entries.value.flatMap((one) => (one.section === "grants" && one.tenant === tenant ? [one.name] : []))
        : [];
    }),
  );
