import { Bug } from "../core/index.ts";
import { compareText } from "./plain.ts";
import { type Identity, identityOf, type KindRule } from "./resource.ts";

type Ordered = Identity & { readonly dependsOn?: readonly Identity[] };

/** By level, then what is depended on first, then by name: one order for one set, whatever order it came in. */
export function inOrder<T extends Ordered>(list: readonly T[], ruleOf: (it: Identity) => KindRule): T[] {
  const sorted = [...list].sort(
    (a, b) => ruleOf(a).level - ruleOf(b).level || compareText(identityOf(a), identityOf(b)),
  );
  const byId = new Map(sorted.map((it) => [identityOf(it), it]));
  const state = new Map<string, "open" | "done">();
  const out: T[] = [];
  const visit = (it: T): void => {
    const id = identityOf(it);
    if (state.get(id) === "done") return;
    if (state.get(id) === "open") throw new Bug(`"${id}" depends on itself`);
    state.set(id, "open");
    for (const need of [...(it.dependsOn ?? [])].sort((a, b) => compareText(identityOf(a), identityOf(b)))) {
      const needed = byId.get(identityOf(need));
      if (needed !== undefined) visit(needed);
    }
    state.set(id, "done");
    out.push(it);
  };
  for (const it of sorted) visit(it);
  return out;
}
