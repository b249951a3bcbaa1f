import { isDeepStrictEqual } from "node:util";
import { err, ok, type Result } from "../../core/index.ts";
import {
  type Attributes,
  addUser,
  changeUser,
  isActive,
  noteEnded,
  type Resource,
  removeUser,
} from "../../provisioning/index.ts";
import type { PushDeps, Pusher } from "./deps.ts";
import { endUnder, matchValue } from "./end-under.ts";
import { notKept, type PushError } from "./push-error.ts";
import { leaveGroups } from "./push-group.ts";

/** Takes over a user that was pushed. */
export async function pushNewUser(
  attributes: Attributes,
  deps: PushDeps,
  pusher: Pusher,
): Promise<Result<Resource, PushError>> {
  const { source } = pusher;
  const added = await addUser(deps, source, attributes);
  if (!added.ok) return err(notKept(added.refusal));
  note(deps, pusher, added.value.id, isActive(added.value) ? "added" : "added, not active");
  if (!isActive(added.value)) await endUnder(deps, pusher, values(pusher, attributes));
  return added;
}

/**
 * Gives a user that was pushed other attributes. Who is not active any more, or is found under another value, loses all that was
 * opened under the old one, also when it was so before: the next push, whatever it says, finishes what was cut off.
 */
export async function pushUser(
  { seen, attributes }: { readonly seen: Resource; readonly attributes: Attributes },
  deps: PushDeps,
  pusher: Pusher,
): Promise<Result<Resource, PushError>> {
  const { source } = pusher;
  const [before, after] = [matchValue(source, seen.attributes), matchValue(source, attributes)];
  const over = new Set(seen.ending);
  if (before !== after && before !== undefined) over.add(before);
  if (!isActive({ attributes }) && after !== undefined) over.add(after);
  const ending = [...over];
  const same = isDeepStrictEqual(seen.attributes, attributes);
  const changed = same ? ok(seen) : await changeUser(deps, source, seen, { attributes, ending });
  if (!changed.ok) return err(notKept(changed.refusal));
  if (!same) note(deps, pusher, seen.id, whatChanged(seen, changed.value));
  await endUnder(deps, pusher, ending);
  if (changed.value.ending?.length) await noteEnded(deps, source, changed.value);
  return changed;
}

/** Removes a user that was pushed; first nobody gets in under it any more, so that who is cut off finishes by sending it again. */
export async function pushNoUser(seen: Resource, deps: PushDeps, pusher: Pusher): Promise<Result<void, PushError>> {
  const { source } = pusher;
  const inactive = await pushUser({ seen, attributes: { ...seen.attributes, active: false } }, deps, pusher);
  if (!inactive.ok) return inactive;
  await leaveGroups(seen.id, deps, pusher);
  const removed = await removeUser(deps, source, inactive.value);
  if (!removed.ok) return err(notKept(removed.refusal));
  note(deps, pusher, seen.id, "removed");
  return ok(undefined);
}

const values = ({ source }: Pusher, attributes: Attributes): string[] => {
  const value = matchValue(source, attributes);
  return value === undefined ? [] : [value];
};

function whatChanged(before: Resource, after: Resource): string {
  if (isActive(before) === isActive(after)) return "changed";
  return isActive(after) ? "active again" : "not active any more";
}

function note({ audit }: PushDeps, { source, by }: Pusher, user: string, change: string): void {
  const { tenant, identityProvider: upstream } = source;
  audit.record("scim.user_pushed", { tenant, upstream, user, change, by });
}
