import type { PlainMap } from "../../reconcile/index.ts";
import { asFields, listOf, missing, type RealmAccess, textOf } from "../access.ts";
import { workflowsOf } from "../lists.ts";
import { idOf, type Kind, withoutNulls } from "./kind.ts";
import { unsaidOf } from "./unsaid.ts";

const path = "/{realm}/workflows";

/** What is done by itself when something happens to an account. The key is the name. A PUT replaces all of it. */
export const workflowKind: Kind<"workflow"> = {
  section: "workflows",
  rule: {
    ...{ kind: "workflow", level: 6, recorded: true },
    unsaid: unsaidOf({ fields: { enabled: null, on: null, if: null, schedule: null, concurrency: null, steps: [] } }),
  },
  parts: ["workflows"],
  observe: ({ snapshot: { workflows } }) =>
    workflows.map((workflow) => {
      const { id, name, ...fields } = asFields(workflow);
      // Steps are known by their places.
      const steps = listOf(fields["steps"]).map(({ id: _id, ...step }) => asFields(step));
      const told = { ...fields, steps };
      return {
        kind: "workflow",
        key: textOf(name),
        id: textOf(id),
        fields: told,
        owned: false,
        remote: { id: textOf(id) },
      };
    }),
  create: async (at, { key, fields }) => {
    const workflow = { ...withoutNulls(fields), name: key };
    await at.create<unknown>(`create workflow ${key}`, ({ realms }, realm) =>
      realms.makeUpdateRequest({ method: "POST", path, urlParamKeys: ["realm"] })({ realm }, workflow),
    );
  },
  update: async (at, { key, fields }, observed) => {
    const workflow = { ...withoutNulls({ ...observed.fields, ...fields }), name: key };
    const ids = { method: "PUT" as const, path: `${path}/{id}`, urlParamKeys: ["realm", "id"] };
    const id = await idNow(at, key);
    await at.write(`update workflow ${key}`, ({ realms }, realm) =>
      realms.makeUpdateRequest(ids)({ realm, id }, workflow),
    );
  },
  remove: (at, observed) => {
    const ids = { method: "DELETE" as const, path: `${path}/{id}`, urlParamKeys: ["realm", "id"] };
    const id = idOf(observed);
    return at.remove(`delete workflow ${observed.key}`, ({ realms }, realm) =>
      realms.makeUpdateRequest(ids)({ realm, id }, {} satisfies PlainMap),
    );
  },
};

async function idNow(at: RealmAccess, name: string): Promise<string> {
  const found = (await workflowsOf(at)).find((one) => one["name"] === name);
  if (found === undefined) throw missing(`find workflow ${name}`, "such workflow");
  return textOf(found["id"]);
}
