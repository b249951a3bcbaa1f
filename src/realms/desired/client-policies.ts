import type { PlainMap } from "../../reconcile/index.ts";
import type { RealmSpec } from "../format/model.ts";
import type { RealmIdentity, RealmResource } from "../identity.ts";
import { defined, merge } from "./fields.ts";

/** What clients must be like. */
export const desiredClientProfiles = ({ clientProfiles }: RealmSpec): RealmResource[] =>
  Object.entries(clientProfiles).map(([key, { description, executors, raw }]) => ({
    ...{ kind: "client-profile", key },
    fields: merge(defined({ description, executors: executors as unknown as PlainMap[] }), raw),
  }));

/** For which clients that holds. */
export const desiredClientPolicies = ({ clientPolicies }: RealmSpec): RealmResource[] =>
  Object.entries(clientPolicies).map(([key, { description, enabled, conditions, profiles, raw }]) => ({
    ...{ kind: "client-policy", key },
    fields: merge(defined({ description, enabled, conditions: conditions as unknown as PlainMap[], profiles }), raw),
    dependsOn: profiles.map((name): RealmIdentity => ({ kind: "client-profile", key: name })),
  }));
