import { err, ok, type Result, token } from "../core/index.ts";
import { type Cost, defineKind, type LookingTag } from "../store/index.ts";
import {
  type Attributes,
  fields,
  gone,
  kept,
  newVersion,
  type ProvisioningDeps,
  type Resource,
  resourceOf,
  type StoredResource,
} from "./resource.ts";
import { recordId, type Source } from "./source.ts";

const groupKind = defineKind<StoredResource>()("provisioned-group", fields, { lasting: true });

/** So many groups an identity provider may have here. */
const groupsInAll = { name: "provisioned-groups", limit: 2_000, window: kept } as const;

type Deps = ProvisioningDeps;

const idOf = ({ seal }: Deps, source: Source, id: string) => recordId(seal, source, "group", id);
const tagOf = ({ seal }: Deps, source: Source): LookingTag => ({
  kind: "provisioned",
  what: "groups",
  hash: recordId(seal, source, "groups"),
});
const costOf = (deps: Deps, source: Source): Cost => ({ budget: groupsInAll, key: tagOf(deps, source).hash });

/** A group by id; `undefined` when there is none, or it is another identity provider's. */
export const findGroup = async (deps: Deps, source: Source, id: string): Promise<Resource | undefined> =>
  resourceOf(await deps.store.get(groupKind, idOf(deps, source, id)));

/** All groups, the oldest first. */
export async function listGroups(deps: Deps, source: Source): Promise<readonly Resource[]> {
  const all = (await deps.store.list(groupKind, tagOf(deps, source))).flatMap(({ value }) => resourceOf(value) ?? []);
  return all.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}

/** Makes a group. */
export async function addGroup(
  deps: Deps,
  source: Source,
  attributes: Attributes,
): Promise<Result<Resource, "too many">> {
  const id = token(deps.random, 15);
  const now = deps.clock.now();
  const version = newVersion(deps.random);
  const resource = { id, attributes, created: now, modified: now };
  const put = await deps.store.put(
    groupKind,
    idOf(deps, source, id),
    { ...resource, state: version },
    { ttl: kept, tags: [tagOf(deps, source)] },
    [costOf(deps, source)],
  );
  return put === "created" ? ok({ ...resource, version }) : err("too many");
}

/** Gives a group other attributes, if it is still the one that was seen. */
export async function changeGroup(
  deps: Deps,
  source: Source,
  seen: Resource,
  attributes: Attributes,
): Promise<Result<Resource, "absent" | "stale">> {
  const patch = { state: newVersion(deps.random), attributes, modified: deps.clock.now() };
  const id = idOf(deps, source, seen.id);
  const changed = await deps.store.advance(groupKind, id, [seen.version], patch, { ttl: kept });
  if (changed.outcome !== "won") return err(changed.outcome);
  const { state: version, ...resource } = changed.value;
  return ok({ ...resource, version });
}

/** Removes a group, if it is still the one that was seen. */
export async function removeGroup(
  deps: Deps,
  source: Source,
  seen: Resource,
): Promise<Result<void, "absent" | "stale">> {
  const recorded = idOf(deps, source, seen.id);
  const giveBack = [costOf(deps, source)];
  const dropped = await deps.store.advance(groupKind, recorded, [seen.version], { state: gone }, { giveBack });
  if (dropped.outcome === "stale") return err("stale");
  await deps.store.take(groupKind, recorded);
  return dropped.outcome === "won" ? ok(undefined) : err("absent");
}
