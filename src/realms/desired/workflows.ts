import type { PlainMap } from "../../reconcile/index.ts";
import type { RealmSpec } from "../format/model.ts";
import type { RealmResource } from "../identity.ts";
import { defined, merge } from "./fields.ts";

/** What is done by itself when something happens to an account. */
export const desiredWorkflows = ({ workflows }: RealmSpec): RealmResource[] =>
  Object.entries(workflows).map(([key, { enabled, steps, raw, ...said }]) => ({
    ...{ kind: "workflow", key },
    // One that is enabled says nothing of it.
    fields: merge(
      defined({
        ...said,
        enabled: enabled ? undefined : false,
        steps: steps.map((step) => defined({ ...step }) as PlainMap),
      }),
      raw,
    ),
  }));
