import { Fault } from "../../core/index.ts";
import type { KeystoneClient } from "./client.ts";

/** Releases of Keystone that behave alike towards us. */
export type KeystoneRelease = "before 2024.2" | "2024.2 to 2025.2" | "2026.1 or later";

/**
 * The oldest release that does what this cloud does; its API does not tell. The policy for domain managers came with 2024.2
 * (26.0), mapping schema 3.0 with 2026.1 (29.0): a mapping that nobody uses, called `id`, is made with it and goes again.
 * `assignable` are the roles that a domain manager could give. Throws `Fault`.
 */
export async function releaseOf(
  keystone: KeystoneClient,
  assignable: readonly string[],
  id: string,
): Promise<KeystoneRelease> {
  if ((await refusalOf(keystone, id, "3.0")) === undefined) return "2026.1 or later";
  // Releases 25 to 28 answer 500 to a schema that they do not know; one that they know tells that from a cloud in trouble.
  const trouble = await refusalOf(keystone, id, "2.0");
  if (trouble?.retryable) throw trouble;
  return assignable.length > 0 ? "2024.2 to 2025.2" : "before 2024.2";
}

/** Why the cloud does not take a mapping of this schema; nothing when it does. */
async function refusalOf(keystone: KeystoneClient, id: string, schema: string): Promise<Fault | undefined> {
  const path = `/OS-FEDERATION/mappings/${id}`;
  const rules = [{ remote: [{ type: "never" }], local: [{ user: { name: "{0}" } }] }];
  try {
    await keystone.put(`try mapping schema ${schema}`, path, { mapping: { schema_version: schema, rules } });
    return undefined;
  } catch (problem) {
    if (problem instanceof Fault) return problem;
    throw problem;
  } finally {
    await keystone.remove("remove the tried mapping", path);
  }
}
