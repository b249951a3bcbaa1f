import { seconds } from "../core/index.ts";
import { defineKind } from "../store/index.ts";
import { type Attributes, kept, type ProvisioningDeps } from "./resource.ts";
import { comparedAs, type KeyAttribute, recordId, type Source } from "./source.ts";

/**
 * Under which user a value is found; `state` is that user's id. It stays when the user goes, and then lets nobody in. Empty: it was
 * given back before anybody had it.
 */
interface Key {
  readonly state: string;
}

/** What was given back is forgotten after this. */
const soon = seconds(60);

const keyKind = defineKind<Key>()("provisioned-key", ["state"], { lasting: true });

/** A value that belongs to one user of a source. */
interface KeyOf {
  readonly attribute: KeyAttribute;
  readonly compared: string;
}

/** The values under which a user is found. */
const keysOf = (attributes: Attributes): readonly KeyOf[] =>
  (["userName", "externalId"] as const).flatMap((attribute) => {
    const value = attributes[attribute];
    return typeof value === "string" ? [{ attribute, compared: comparedAs(attribute, value) }] : [];
  });

/** Whether a user is found under a value. */
const holds = (attributes: Attributes, { attribute, compared }: KeyOf): boolean =>
  keysOf(attributes).some((key) => key.attribute === attribute && key.compared === compared);

/** The user who has, or had, a value. */
export const holderOf = async (
  { store, seal }: Pick<ProvisioningDeps, "store" | "seal">,
  source: Source,
  key: KeyOf,
): Promise<string | undefined> => (await store.get(keyKind, idOf(seal, source, key)))?.state || undefined;

/** A value that was taken, and whose it was before: empty for nobody's. */
interface Claimed extends KeyOf {
  readonly before: string;
}

/** What was taken, and the attribute whose value is another's, if there is one. */
interface Claims {
  readonly claimed: readonly Claimed[];
  readonly taken?: KeyAttribute;
}

/**
 * Takes the values for a user, up to one that is another's. `attributesOf` reads a user: of one who is gone, or has another value
 * by now, it may be taken. A holder that came to be while it was taken has it back.
 */
export async function claimKeys(
  deps: ProvisioningDeps,
  source: Source,
  user: { readonly id: string; readonly attributes: Attributes },
  attributesOf: (id: string) => Promise<Attributes | undefined>,
): Promise<Claims> {
  const claimed: Claimed[] = [];
  for (const key of keysOf(user.attributes)) {
    const before = await claim(deps, source, user.id, key, attributesOf);
    if (before === undefined) return { claimed, taken: key.attribute };
    // What was the user's own, perhaps before it was renamed, is nothing to give back.
    if (before !== user.id) claimed.push({ ...key, before });
  }
  return { claimed };
}

/** Answers whose the value was; `undefined`: it stays another's. */
async function claim(
  { store, seal }: ProvisioningDeps,
  source: Source,
  user: string,
  key: KeyOf,
  attributesOf: (id: string) => Promise<Attributes | undefined>,
): Promise<string | undefined> {
  const id = idOf(seal, source, key);
  const isOf = async (holder: string) => holds((await attributesOf(holder)) ?? {}, key);
  if ((await store.put(keyKind, id, { state: user }, { ttl: kept })) === "created") return "";
  const before = (await store.get(keyKind, id))?.state;
  if (before === user) return before;
  if (before === undefined || (await isOf(before))) return undefined;
  const taken = await store.advance(keyKind, id, [before], { state: user }, { ttl: kept });
  if (taken.outcome !== "won") return undefined;
  if (!(await isOf(before))) return before;
  await store.advance(keyKind, id, [user], { state: before });
  return undefined;
}

/** Whether every value still leads to the user: of two that were made at the same moment one does not have it. */
export async function hasKeys(
  deps: ProvisioningDeps,
  source: Source,
  user: { readonly id: string; readonly attributes: Attributes },
): Promise<boolean> {
  for (const key of keysOf(user.attributes)) if ((await holderOf(deps, source, key)) !== user.id) return false;
  return true;
}

/**
 * Gives back what was taken for a user and is not its own after all. A value that was somebody's is that one's again: a push that
 * fails must not let a removed person in. One that was nobody's is, too: else the person whom nobody pushed would be kept out.
 */
export async function releaseKeys(
  { store, seal }: ProvisioningDeps,
  source: Source,
  user: string,
  claimed: readonly Claimed[],
  current: Attributes = {},
): Promise<void> {
  for (const { before, ...key } of claimed) {
    if (holds(current, key)) continue;
    const ttl = before === "" ? soon : kept;
    await store.advance(keyKind, idOf(seal, source, key), [user], { state: before }, { ttl });
  }
}

const idOf = (seal: ProvisioningDeps["seal"], source: Source, { attribute, compared }: KeyOf): string =>
  recordId(seal, source, "key", attribute, compared);
