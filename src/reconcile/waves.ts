import { Bug } from "../core/index.ts";
import { compareText } from "./plain.ts";
import { type Identity, identityOf, type KindRule } from "./resource.ts";

type Ordered = Identity & { readonly dependsOn?: readonly Identity[] };

/** More than any chain of dependencies within a level. */
const levelStep = 100_000;

/**
 * Puts what is depended on into earlier ranks; within a rank nothing depends on anything else of it. By level first, so
 * that one set has one order, whatever order it came in.
 */
export function inRanks<T extends Ordered>(list: readonly T[], ruleOf: (it: Identity) => KindRule): T[][] {
  const byId = new Map(list.map((it) => [identityOf(it), it]));
  const rankOf = new Map<string, number | "open">();
  const rank = (it: T): number => {
    const id = identityOf(it);
    const known = rankOf.get(id);
    if (known === "open") throw new Bug(`"${id}" depends on itself`);
    if (known !== undefined) return known;
    rankOf.set(id, "open");
    const needed = (it.dependsOn ?? []).flatMap((need) => byId.get(identityOf(need)) ?? []);
    const own = Math.max(ruleOf(it).level * levelStep, ...needed.map((n) => rank(n) + 1));
    rankOf.set(id, own);
    return own;
  };
  const ranks = new Map<number, T[]>();
  for (const it of [...list].sort((a, b) => compareText(identityOf(a), identityOf(b)))) {
    const at = rank(it);
    const mates = ranks.get(at);
    if (mates === undefined) ranks.set(at, [it]);
    else mates.push(it);
  }
  return [...ranks].sort(([a], [b]) => a - b).map(([, items]) => items);
}
