import { type BrokerConfig, readYamlFiles, type TextFile } from "../../config/index.ts";
import { atMost, type CommitId, err, ok, type Result } from "../../core/index.ts";
import type { Policy, PolicyInUse } from "../../policy/index.ts";
import type { Repository, Vet } from "../../repository/index.ts";
import { type Problem, rereading } from "../../yaml/index.ts";
import { type BrokerFiles, policyOf } from "../configuration/load-broker.ts";
import { type HoldingPolicy, policyThatHolds, vetPushed } from "./holding.ts";
import { type PolicyTexts, readPolicyTexts } from "./texts.ts";

/** The policy files that a broker follows while it runs, and where the tenants' own are changed. */
export interface PolicyFiles {
  readonly repository?: Repository;
  /** The commit whose files are in use. */
  commit(): CommitId | undefined;
  /** What is wrong with newer files that are not in use; and of which older commit a tenant's are. */
  held(): Held;
  /** Judges what a remote has before it comes in. */
  readonly vet: Vet;
  /**
   * Looks for changes: what was read twice the same comes into use. Answers every problem once, also of a tenant's files that were
   * left as they were while the others came into use. Throws `Fault`.
   */
  look(): Promise<Result<void, Problem[]>>;
  /** The same at once, for who has just saved something whole. */
  take(): Promise<Result<void, Problem[]>>;
  /** What the policy would be if these files of a tenant were others; `undefined` takes a file away. */
  wouldBe(changed: ReadonlyMap<string, string | undefined>, tenant: string): Promise<Result<Policy, Problem[]>>;
  /** Is told the digest of before, after another policy came into use. */
  onChange(listener: (before: string) => void): void;
}

/** Files that were left as they were. */
type Held = Pick<HoldingPolicy, "heldBack" | "heldAt">;

interface Parts {
  readonly inUse: PolicyInUse;
  readonly files: Pick<BrokerFiles, "document" | "config" | "repository">;
}

/** A policy, what is wrong with files that it was made without, and the commit that it is of. */
interface Made extends HoldingPolicy {
  readonly commit: CommitId | undefined;
}

/** Where a commit stands among the files that are compared: another one is a change, be the files what they were. */
const commitFile = "(commit)";

/** Follows the files of a broker, of which the first were read already. */
export function followPolicyFiles({ inUse, files }: Parts): PolicyFiles {
  const { config, repository } = files;
  const listeners: ((before: string) => void)[] = [];
  const oneAtATime = atMost(1);
  const load = (found: readonly TextFile[]): Result<Policy, Problem[]> => {
    const made = policyOf(files, found);
    return made.ok ? sameTargets(inUse.current(), made.value) : made;
  };
  const { look, commit, held } = looking({ inUse, files }, load, (before) => {
    for (const listener of listeners) listener(before);
  });
  return {
    ...(repository && { repository }),
    ...{ commit, held },
    vet: async (before, after) => {
      const own = readYamlFiles(config.policies);
      // With a mistake of the operator's nothing comes into use, and nobody is judged by it.
      return own.ok ? vetPushed(load, own.value, before, after) : { unsound: new Set(), problems: [] };
    },
    look: () => oneAtATime(look),
    take: () =>
      oneAtATime(async () => {
        const first = await look();
        const second = await look();
        return first.ok ? second : first;
      }),
    wouldBe: async (changed, tenant) => {
      const now = await readTexts(config, repository);
      if (!now.ok) return now;
      const made = await policyThatHolds(load, { texts: changedTexts(now.value, changed), repository, except: tenant });
      return made.ok ? ok(made.value.policy) : made;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The texts with some of the tenants' files as they would be. */
function changedTexts(
  { files, ofTenants }: PolicyTexts,
  changed: ReadonlyMap<string, string | undefined>,
): PolicyTexts {
  const next = new Map<string, string | undefined>([...ofTenants, ...changed]);
  const own = files.filter(({ file }) => !ofTenants.has(file));
  const tenants = [...next].flatMap(([file, text]) => (text === undefined ? [] : [{ file, text }]));
  return { files: [...own, ...tenants], ofTenants: new Map(tenants.map(({ file, text }) => [file, text])) };
}

/** Looks at the files again and again, and puts what holds into use. */
function looking(
  { inUse, files: { config, repository } }: Parts,
  load: (found: readonly TextFile[]) => Result<Policy, Problem[]>,
  changed: (before: string) => void,
): Pick<PolicyFiles, "look" | "commit" | "held"> {
  let texts: Result<PolicyTexts, Problem[]> = ok({ files: [], ofTenants: new Map() });
  let commit: CommitId | undefined;
  let held: Held = { heldBack: [], heldAt: new Map() };
  let told: Promise<unknown> | undefined;
  const make = async (wish: PolicyTexts): Promise<Result<Made, Problem[]>> => {
    const made = await policyThatHolds(load, { texts: wish, repository });
    return made.ok ? ok({ ...made.value, commit: wish.commit }) : made;
  };
  const first: Promise<Result<Made, Problem[]>> = Promise.resolve(
    ok({ policy: inUse.current(), ...held, commit: undefined }),
  );
  const taken = rereading(
    () => compared(texts),
    () => ok(texts.ok ? make(texts.value) : Promise.resolve(texts)),
    first,
  );
  const look = async (): Promise<Result<void, Problem[]>> => {
    texts = await readTexts(config, repository);
    const found = taken();
    if (!found.ok) return found;
    const made = await found.value;
    // What is wrong is told once.
    const isNews = found.value !== told;
    told = found.value;
    if (!made.ok) return isNews ? made : ok(undefined);
    const before = inUse.current().digest;
    ({ commit } = made.value);
    held = made.value;
    if (inUse.replace(made.value.policy)) changed(before);
    const { heldBack } = made.value;
    return isNews && heldBack.length > 0 ? err([...heldBack]) : ok(undefined);
  };
  return { look, commit: () => commit, held: () => held };
}

const readTexts = ({ policies }: BrokerConfig, repository: Repository | undefined) =>
  readPolicyTexts(policies, repository);

const compared = (texts: Result<PolicyTexts, Problem[]>): Result<readonly TextFile[], Problem[]> =>
  texts.ok ? ok([...texts.value.files, { file: commitFile, text: texts.value.commit ?? "" }]) : texts;

/** Every target is a client of the issuer, and clients are made once. */
function sameTargets(now: Policy, next: Policy): Result<Policy, Problem[]> {
  const names = ({ targets }: Policy) => [...targets.keys()].sort().join(", ");
  if (names(now) === names(next)) return ok(next);
  const place = { file: "(policies)", line: 1, column: 1, path: "targets" };
  const message = `the targets are other ones: ${names(next)}, and not ${names(now)}`;
  return err([{ ...place, message, fix: "restart the broker to take them in" }]);
}
