import { isDeepStrictEqual } from "node:util";
import { err, ok, type Result, refusal } from "../../core/index.ts";
import {
  type Attributes,
  addGroup,
  changeGroup,
  findGroup,
  findUser,
  listGroups,
  type Resource,
  removeGroup,
} from "../../provisioning/index.ts";
import type { PushDeps, Pusher } from "./deps.ts";
import { notKept, type PushError } from "./push-error.ts";

/** So many members a group may have. */
const mostMembers = 20_000;
/** So often a change is tried again that somebody else's came before. */
const tries = 5;

/** The ids of a group's members. */
const membersOf = (attributes: Attributes): readonly string[] => {
  const { members } = attributes;
  return Array.isArray(members)
    ? members.flatMap((m: { value?: unknown }) => (typeof m.value === "string" ? [m.value] : []))
    : [];
};

/** Takes over a group that was pushed. Its members are users of the same identity provider. */
export async function pushNewGroup(
  attributes: Attributes,
  deps: PushDeps,
  pusher: Pusher,
): Promise<Result<Resource, PushError>> {
  const wrong = await strangerAmong(membersOf(attributes), deps, pusher);
  if (wrong) return err(wrong);
  const added = await addGroup(deps, pusher.source, attributes);
  if (!added.ok) return err(notKept(added.refusal));
  note(deps, pusher, added.value.id, "added");
  return added;
}

/** Gives a group that was pushed other attributes. */
export async function pushGroup(
  { seen, attributes }: { readonly seen: Resource; readonly attributes: Attributes },
  deps: PushDeps,
  pusher: Pusher,
): Promise<Result<Resource, PushError>> {
  if (isDeepStrictEqual(seen.attributes, attributes)) return ok(seen);
  const before = new Set(membersOf(seen.attributes));
  const wrong = await strangerAmong(
    membersOf(attributes).filter((id) => !before.has(id)),
    deps,
    pusher,
  );
  if (wrong) return err(wrong);
  if (membersOf(attributes).length > mostMembers)
    return err(refusal("invalid_value", `a group may have ${mostMembers} members at most`));
  const changed = await changeGroup(deps, pusher.source, seen, attributes);
  if (!changed.ok) return err(notKept(changed.refusal));
  note(deps, pusher, seen.id, "changed");
  return changed;
}

/** Removes a group that was pushed. */
export async function pushNoGroup(seen: Resource, deps: PushDeps, pusher: Pusher): Promise<Result<void, PushError>> {
  const removed = await removeGroup(deps, pusher.source, seen);
  if (!removed.ok) return err(notKept(removed.refusal));
  note(deps, pusher, seen.id, "removed");
  return ok(undefined);
}

/** Takes a user out of every group, before it is removed. */
export async function leaveGroups(user: string, deps: PushDeps, { source }: Pusher): Promise<void> {
  for (const listed of await listGroups(deps, source)) {
    let group: Resource | undefined = listed;
    for (let left = tries; left > 0 && group !== undefined && membersOf(group.attributes).includes(user); left--) {
      const members = (group.attributes["members"] as readonly { value?: unknown }[]).filter((m) => m.value !== user);
      const changed = await changeGroup(deps, source, group, { ...group.attributes, members });
      group = changed.ok ? undefined : await findGroup(deps, source, listed.id);
    }
  }
}

/** Members that are no users of the identity provider: a group of groups is nothing that we know what to do with. */
async function strangerAmong(
  ids: readonly string[],
  deps: PushDeps,
  { source }: Pusher,
): Promise<PushError | undefined> {
  if (ids.length > mostMembers) return refusal("invalid_value", `a group may have ${mostMembers} members at most`);
  const found = await Promise.all(ids.map((id) => findUser(deps, source, id)));
  return found.every((user) => user !== undefined)
    ? undefined
    : refusal(
        "invalid_value",
        "a member is no user of this identity provider. Members are named by the `id` of a user",
      );
}

function note({ audit }: PushDeps, { source, by }: Pusher, group: string, change: string): void {
  const { tenant, identityProvider: upstream } = source;
  audit.record("scim.group_pushed", { tenant, upstream, group, change, by });
}
