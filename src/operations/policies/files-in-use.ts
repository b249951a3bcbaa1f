import type { BrokerConfig, TextFile } from "../../config/index.ts";
import { atMost, type CommitId, err, ok, type Result } from "../../core/index.ts";
import type { Policy, PolicyInUse } from "../../policy/index.ts";
import type { Repository } from "../../repository/index.ts";
import { type Problem, rereading } from "../../yaml/index.ts";
import { type BrokerFiles, policyOf } from "../configuration/load-broker.ts";
import { type PolicyTexts, readPolicyTexts } from "./texts.ts";

/** The policy files that a broker follows while it runs, and where the tenants' own are changed. */
export interface PolicyFiles {
  readonly repository?: Repository;
  /** The commit whose files are in use. */
  commit(): CommitId | undefined;
  /** Looks for changes: what was read twice the same comes into use. Answers every problem once. Throws `Fault`. */
  look(): Promise<Result<void, Problem[]>>;
  /** The same at once, for who has just saved something whole. */
  take(): Promise<Result<void, Problem[]>>;
  /** What the policy would be if the tenants' files were these; `undefined` takes a file away. */
  wouldBe(changed: ReadonlyMap<string, string | undefined>): Promise<Result<Policy, Problem[]>>;
  /** Is told the digest of before, after another policy came into use. */
  onChange(listener: (before: string) => void): void;
}

interface Parts {
  readonly inUse: PolicyInUse;
  readonly files: Pick<BrokerFiles, "document" | "config" | "repository">;
}

/** A policy, and the commit that it is of. */
interface Made {
  readonly policy: Policy;
  readonly commit: CommitId | undefined;
}

/** Where a commit stands among the files that are compared: another one is a change, be the files what they were. */
const commitFile = "(commit)";

/** Follows the files of a broker, of which the first were read already. */
export function followPolicyFiles({ inUse, files }: Parts): PolicyFiles {
  const { config, repository } = files;
  const listeners: ((before: string) => void)[] = [];
  const oneAtATime = atMost(1);
  let texts: Result<PolicyTexts, Problem[]> = ok({ files: [], ofTenants: new Map() });
  let commit: CommitId | undefined;
  const make = (found: readonly TextFile[]): Result<Made, Problem[]> => {
    const made = policyOf(
      files,
      found.filter(({ file }) => file !== commitFile),
    );
    const fits = made.ok ? sameTargets(inUse.current(), made.value) : made;
    return fits.ok ? ok({ policy: fits.value, commit: texts.ok ? texts.value.commit : undefined }) : fits;
  };
  const taken = rereading<TextFile, Made>(() => compared(texts), make, { policy: inUse.current(), commit });
  const look = async (): Promise<Result<void, Problem[]>> => {
    texts = await readTexts(config, repository);
    const found = taken();
    if (!found.ok) return found;
    const before = inUse.current().digest;
    commit = found.value.commit;
    if (inUse.replace(found.value.policy)) for (const listener of listeners) listener(before);
    return ok(undefined);
  };
  return {
    ...(repository && { repository }),
    commit: () => commit,
    look: () => oneAtATime(look),
    take: () =>
      oneAtATime(async () => {
        const first = await look();
        return first.ok ? look() : first;
      }),
    wouldBe: async (changed) => {
      const now = await readTexts(config, repository);
      if (!now.ok) return now;
      const { files: all, ofTenants } = now.value;
      const next = new Map<string, string | undefined>([...ofTenants, ...changed]);
      const own = all.filter(({ file }) => !ofTenants.has(file));
      const tenants = [...next].flatMap(([file, text]) => (text === undefined ? [] : [{ file, text }]));
      const made = policyOf(files, [...own, ...tenants]);
      return made.ok ? sameTargets(inUse.current(), made.value) : made;
    },
    onChange: (listener) => void listeners.push(listener),
  };
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
