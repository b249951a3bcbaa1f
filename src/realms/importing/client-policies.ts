import { clientPolicyKind, clientProfileKind } from "../kinds/client-policy.ts";
import { type ImportSource, pick, written } from "./source.ts";

/** `clientProfiles` of the file. */
export const clientProfilesOf = (source: ImportSource): Record<string, unknown> =>
  Object.fromEntries(
    [...source.changed(clientProfileKind).values()].map(({ key, fields }) => {
      const { taken, rest } = pick(fields, "name", "description", "executors");
      return [key, written({ description: taken["description"], executors: taken["executors"], raw: rest })];
    }),
  );

/** `clientPolicies` of the file. */
export const clientPoliciesOf = (source: ImportSource): Record<string, unknown> =>
  Object.fromEntries(
    [...source.changed(clientPolicyKind).values()].map(({ key, fields }) => {
      const { taken, rest } = pick(fields, "name", "description", "enabled", "conditions", "profiles");
      const { name: _name, ...more } = taken;
      return [key, written({ ...more, raw: rest })];
    }),
  );
