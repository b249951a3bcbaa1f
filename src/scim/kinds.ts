import type { Result } from "../core/index.ts";
import {
  type PushDeps,
  type PushError,
  type Pusher,
  pushGroup,
  pushNewGroup,
  pushNewUser,
  pushNoGroup,
  pushNoUser,
  pushUser,
} from "../operations/index.ts";
import {
  type Attributes,
  findGroup,
  findUser,
  listGroups,
  listUsers,
  type ProvisioningDeps,
  type Resource,
  type Source,
  userUnder,
} from "../provisioning/index.ts";
import type { Filter } from "./filter.ts";
import { groupSchema } from "./group-schema.ts";
import type { ShownKind } from "./shown.ts";
import { userSchema } from "./user-schema.ts";

/** A kind of resource: how it is read and changed. */
export interface ResourceKind extends ShownKind {
  /** Whether a filter says how to find what it holds for; else all must be read. */
  isFoundBy(filter: Filter): boolean;
  find(deps: ProvisioningDeps, source: Source, id: string): Promise<Resource | undefined>;
  /** All that a filter may hold for; fewer than all where the filter says how to find them. */
  list(deps: ProvisioningDeps, source: Source, filter: Filter | undefined): Promise<readonly Resource[]>;
  add(attributes: Attributes, deps: PushDeps, pusher: Pusher): Promise<Result<Resource, PushError>>;
  change(
    wanted: { readonly seen: Resource; readonly attributes: Attributes },
    deps: PushDeps,
    pusher: Pusher,
  ): Promise<Result<Resource, PushError>>;
  remove(seen: Resource, deps: PushDeps, pusher: Pusher): Promise<Result<void, PushError>>;
}

const some = (resource: Resource | undefined): readonly Resource[] => (resource === undefined ? [] : [resource]);

/** What a filter of the form `attribute eq "text"` asks for. */
function equals(filter: Filter | undefined, attribute: string): string | undefined {
  if (filter?.kind === "and") return equals(filter.left, attribute) ?? equals(filter.right, attribute);
  if (filter?.kind !== "compare" || filter.operator !== "eq" || filter.place?.sub !== undefined) return undefined;
  return filter.place?.attribute.name === attribute && typeof filter.value === "string" ? filter.value : undefined;
}

const equalsOne = (filter: Filter, attributes: readonly string[]): boolean =>
  attributes.some((attribute) => equals(filter, attribute) !== undefined);

const users: ResourceKind = {
  schema: userSchema,
  endpoint: "/Users",
  isFoundBy: (filter) => equalsOne(filter, ["id", "userName", "externalId"]),
  find: findUser,
  list: async (deps, source, filter) => {
    const id = equals(filter, "id");
    if (id !== undefined) return some(await findUser(deps, source, id));
    for (const attribute of ["userName", "externalId"] as const) {
      const value = equals(filter, attribute);
      if (value !== undefined) return some(await userUnder(deps, source, attribute, value));
    }
    return listUsers(deps, source);
  },
  add: pushNewUser,
  change: pushUser,
  remove: pushNoUser,
};

const groups: ResourceKind = {
  schema: groupSchema,
  endpoint: "/Groups",
  isFoundBy: (filter) => equalsOne(filter, ["id"]),
  find: findGroup,
  list: async (deps, source, filter) => {
    const id = equals(filter, "id");
    return id === undefined ? listGroups(deps, source) : some(await findGroup(deps, source, id));
  },
  add: pushNewGroup,
  change: pushGroup,
  remove: pushNoGroup,
};

/** The kinds of resources that there are. */
export const resourceKinds: readonly ResourceKind[] = [users, groups];
