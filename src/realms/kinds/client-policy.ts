import type { PlainMap } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, mapOf, type RealmAccess, type Representation, textOf } from "../access.ts";
import { type Kind, withoutEmpty, withoutNulls } from "./kind.ts";
import { unsaidOf } from "./unsaid.ts";

type PolicyName = "client-profile" | "client-policy";

/** Each is a list of the realm that is read and written as one document. */
const documents = {
  "client-profile": { member: "clientProfiles", list: "profiles" },
  "client-policy": { member: "clientPolicies", list: "policies" },
} as const;

// Keycloak refuses a client that a policy does not allow: what loosens comes before clients are written, what binds after.

/** What a client must be like: a list of executors, in their order. The key is the name; Keycloak's own are not among them. */
export const clientProfileKind: Kind<"client-profile"> = {
  ...written("client-profile"),
  section: "clientProfiles",
  rule: {
    ...{ kind: "client-profile", level: 7, recorded: true, document: "client profiles", grants: true },
    unsaid: unsaidOf({ fields: { description: null, executors: [] } }),
  },
};

/** For which clients a profile holds. The key is the name. A profile that is not there would hold for nobody. */
export const clientPolicyKind: Kind<"client-policy"> = {
  ...written("client-policy"),
  section: "clientPolicies",
  rule: {
    ...{ kind: "client-policy", level: 8, recorded: true, document: "client policies", lists: { profiles: "set" } },
    ...{ grants: true, takesAway: (c) => c.path[0] === "enabled" && c.to === false },
    unsaid: unsaidOf({ fields: { description: null, mode: null, enabled: false, conditions: [], profiles: [] } }),
  },
};

function written<N extends PolicyName>(kind: N): Pick<Kind<N>, "parts" | "observe" | "create" | "update" | "remove"> {
  const { member, list } = documents[kind];
  const put = (at: RealmAccess, key: string, fields: PlainMap) =>
    rewrite(at, kind, `write ${kind} ${key}`, (all) => {
      const before = asFields(all.find((one) => one["name"] === key) ?? {});
      const now = withoutNulls({ ...before, ...fields, name: key });
      return before["name"] === undefined ? [...all, now] : all.map((one) => (one["name"] === key ? now : one));
    });
  return {
    parts: [],
    observe: ({ snapshot: { realm } }) =>
      listOf(mapOf(realm[member])?.[list]).map((one) => ({
        ...{ kind, key: textOf(one["name"]) as never, fields: withoutEmpty(asFields(one)), owned: false },
      })),
    create: (at, { key, fields }) => put(at, key, fields),
    update: (at, { key, fields }) => put(at, key, fields),
    remove: (at, { key }) =>
      rewrite(at, kind, `delete ${kind} ${key}`, (all) => all.filter((one) => one["name"] !== key)),
  };
}

async function rewrite(
  at: RealmAccess,
  kind: PolicyName,
  doing: string,
  change: (all: readonly Representation[]) => readonly Representation[],
): Promise<void> {
  if (kind === "client-profile") {
    const there = await at.one("client profiles", ({ clientPolicies }, realm) =>
      clientPolicies.listProfiles({ realm }),
    );
    const profiles = change(listOf(there?.profiles)) as unknown as PlainMap[];
    return at.write(doing, ({ clientPolicies }, realm) =>
      clientPolicies.createProfiles({ realm, ...asSent({ profiles }) }),
    );
  }
  const there = await at.one("client policies", ({ clientPolicies }, realm) => clientPolicies.listPolicies({ realm }));
  const policies = change(listOf(there?.policies)) as unknown as PlainMap[];
  await at.write(doing, ({ clientPolicies }, realm) => clientPolicies.updatePolicy({ realm, ...asSent({ policies }) }));
}
