import { createHash } from "node:crypto";
import type { MintedName, TenantName } from "../../core/index.ts";

/** How every minted group begins, and nothing else may that a token carries. */
export const mintedPrefix = "cp.";

/** Keystone's limit for a group's name. */
const longest = 64;

/**
 * The group that carries a permission set: `cp.<tenant>.<set>`. Tenant and set are slugs without a dot, so two pairs
 * never meet; a fourth part (a hash of the pair) is added only when the plain form is too long or holds "name", which
 * Keystone's mapping engine takes for JSON (keystone/federation/utils.py) and then fails the login.
 */
export function mintName(tenant: TenantName, set: string): MintedName {
  const plain = `${mintedPrefix}${tenant}.${set}`;
  if (plain.length <= longest && !plain.includes("name")) return plain as MintedName;
  const hash = createHash("sha256").update(`${tenant.length}:${tenant}${set}`).digest("hex").slice(0, 10);
  let base = plain;
  while (base.includes("name")) base = base.replaceAll("name", "nme");
  return `${base.slice(0, longest - 1 - hash.length)}.${hash}` as MintedName;
}

/** Pairs (tenant, set) that would share one group; empty unless a hash collides. */
export function collisions<T extends { tenant: TenantName; set: string }>(
  pairs: readonly T[],
  mint: (tenant: TenantName, set: string) => MintedName = mintName,
): { name: MintedName; first: T; second: T }[] {
  const seen = new Map<MintedName, T>();
  const found: { name: MintedName; first: T; second: T }[] = [];
  for (const pair of pairs) {
    const name = mint(pair.tenant, pair.set);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, pair);
    else if (first.tenant !== pair.tenant || first.set !== pair.set) found.push({ name, first, second: pair });
  }
  return found;
}
