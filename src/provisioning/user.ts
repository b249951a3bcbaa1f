import { err, ok, type Result, seconds, token } from "../core/index.ts";
import { type Cost, defineKind, type LookingTag } from "../store/index.ts";
import { claimKeys, hasKeys, holderOf, releaseKeys } from "./key.ts";
import {
  type Attributes,
  fields,
  gone,
  kept,
  type NotKept,
  newVersion,
  type ProvisioningDeps,
  type Resource,
  resourceOf,
  type StoredResource,
} from "./resource.ts";
import { comparedAs, type KeyAttribute, recordId, type Source } from "./source.ts";

const userKind = defineKind<StoredResource>()("provisioned-user", fields, { lasting: true });

/** So many users an identity provider may have here, and so many it may make in a month: what is gone leaves its values behind. */
const mostUsers = 50_000;
const usersInAll = { name: "provisioned-users", limit: mostUsers, window: kept } as const;
const usersMade = { name: "provisioned-users-made", limit: 4 * mostUsers, window: seconds(30 * 86_400) } as const;

type Deps = ProvisioningDeps;

const idOf = ({ seal }: Deps, source: Source, id: string) => recordId(seal, source, "user", id);
const tagOf = ({ seal }: Deps, source: Source): LookingTag => ({
  kind: "provisioned",
  what: "users",
  hash: recordId(seal, source, "users"),
});
const costOf = (deps: Deps, source: Source): Cost => ({ budget: usersInAll, key: tagOf(deps, source).hash });

/** A user by id; `undefined` when there is none, or it is another identity provider's. */
export const findUser = async (deps: Deps, source: Source, id: string): Promise<Resource | undefined> =>
  resourceOf(await deps.store.get(userKind, idOf(deps, source, id)));

/** The user who has a value now. */
export async function userUnder(
  deps: Deps,
  source: Source,
  attribute: KeyAttribute,
  value: string,
): Promise<Resource | undefined> {
  const compared = comparedAs(attribute, value);
  const id = await holderOf(deps, source, { attribute, compared });
  const user = id === undefined ? undefined : await findUser(deps, source, id);
  const held = user?.attributes[attribute];
  return typeof held === "string" && comparedAs(attribute, held) === compared ? user : undefined;
}

/** All users, the oldest first. */
export async function listUsers(deps: Deps, source: Source): Promise<readonly Resource[]> {
  const all = (await deps.store.list(userKind, tagOf(deps, source))).flatMap(({ value }) => resourceOf(value) ?? []);
  return all.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}

/** Makes a user. */
export async function addUser(
  deps: Deps,
  source: Source,
  attributes: Attributes,
): Promise<Result<Resource, Extract<NotKept, object | "too many">>> {
  const id = token(deps.random, 15);
  const user = { id, attributes };
  const { claimed, taken } = await claimKeys(deps, source, user, attributesOf(deps, source));
  const giveBack = () => releaseKeys(deps, source, id, claimed);
  if (taken !== undefined) {
    await giveBack();
    return err({ taken });
  }
  const now = deps.clock.now();
  const stored: StoredResource = { ...user, state: newVersion(deps.random), created: now, modified: now };
  const made = { budget: usersMade, key: tagOf(deps, source).hash };
  const put = await deps.store.put(
    userKind,
    idOf(deps, source, id),
    stored,
    { ttl: kept, tags: [tagOf(deps, source)] },
    [costOf(deps, source), made],
  );
  if (put !== "created") {
    await giveBack();
    return err("too many");
  }
  if (!(await hasKeys(deps, source, user))) {
    await drop(deps, source, id, stored.state);
    await giveBack();
    return err({ taken: "userName" });
  }
  const { state: version, ...resource } = stored;
  return ok({ ...resource, version });
}

/**
 * Gives a user other attributes, if it is still the one that was seen. In the same step it is written down under which values all is
 * to be ended: whoever is cut off before that leaves it to the next push.
 */
export async function changeUser(
  deps: Deps,
  source: Source,
  seen: Resource,
  { attributes, ending }: Pick<Resource, "attributes" | "ending">,
): Promise<Result<Resource, Exclude<NotKept, "too many">>> {
  const user = { id: seen.id, attributes };
  const { claimed, taken } = await claimKeys(deps, source, user, attributesOf(deps, source));
  const giveBack = async () => releaseKeys(deps, source, seen.id, claimed, await attributesOf(deps, source)(seen.id));
  if (taken !== undefined) {
    await giveBack();
    return err({ taken });
  }
  const patch = { state: newVersion(deps.random), attributes, modified: deps.clock.now(), ...(ending && { ending }) };
  const id = idOf(deps, source, seen.id);
  const changed = await deps.store.advance(userKind, id, [seen.version], patch, { ttl: kept });
  if (changed.outcome !== "won") {
    await giveBack();
    return err(changed.outcome);
  }
  const { state: version, ...resource } = changed.value;
  return ok({ ...resource, version });
}

/** Notes that all is ended, if the user is still the one that was seen: whoever changed it meanwhile ends it anew. */
export async function noteEnded(deps: Deps, source: Source, { id, version }: Resource): Promise<void> {
  await deps.store.advance(userKind, idOf(deps, source, id), [version], { ending: [] }, { ttl: kept });
}

/** Removes a user, if it is still the one that was seen. Its values stay its own, so that they let nobody in. */
export async function removeUser(
  deps: Deps,
  source: Source,
  seen: Resource,
): Promise<Result<void, "absent" | "stale">> {
  return drop(deps, source, seen.id, seen.version);
}

async function drop(
  deps: Deps,
  source: Source,
  id: string,
  version: string,
): Promise<Result<void, "absent" | "stale">> {
  const recorded = idOf(deps, source, id);
  const giveBack = [costOf(deps, source)];
  const dropped = await deps.store.advance(userKind, recorded, [version, gone], { state: gone }, { giveBack });
  if (dropped.outcome === "stale") return err("stale");
  await deps.store.take(userKind, recorded);
  return dropped.outcome === "won" ? ok(undefined) : err("absent");
}

const attributesOf = (deps: Deps, source: Source) => async (id: string) =>
  (await findUser(deps, source, id))?.attributes;
