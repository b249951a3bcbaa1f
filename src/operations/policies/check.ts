import type { TextFile } from "../../config/index.ts";
import type { Clock } from "../../core/index.ts";
import { type KnownPerson, loadPolicy, wrongCounts } from "../../policy/index.ts";
import type { Problem } from "../../yaml/index.ts";

/** What is wrong with policy files, and what is most likely not meant. */
interface PolicyChecked {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Finds every problem of policy files. With known people, the holders of sets are counted, too. Asks no server. */
export function checkPolicyFiles(
  { files, people }: { readonly files: readonly TextFile[]; readonly people?: readonly KnownPerson[] },
  { clock }: { readonly clock: Pick<Clock, "now"> },
): PolicyChecked {
  const loaded = loadPolicy(files);
  if (!loaded.ok) return { problems: loaded.refusal, warnings: [] };
  const policy = loaded.value;
  const now = clock.now();
  const counts = people === undefined ? [] : wrongCounts(policy, people, now);
  const told = (otherwise: "warn" | "refuse") =>
    counts.filter(({ rule }) => rule.otherwise === otherwise).map(({ problem }) => problem);
  return { problems: told("refuse"), warnings: [...policy.warnings(now), ...told("warn")] };
}
