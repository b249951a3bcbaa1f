import { type Problem, suggest } from "../../yaml/index.ts";
import type { LocatedDocument, LocatedRealm } from "./model.ts";
import type { RealmDocument, RealmPartDocument } from "./schema.ts";
import type { RoleNames } from "./vocabulary.ts";

const placeOf = (data: { readonly keycloak: string; readonly realm: string }): string =>
  `${data.keycloak}/${data.realm}`;

/** Puts the documents of each realm together. A part without its realm, and a realm described twice, is reported. */
export function joinParts(documents: readonly LocatedDocument[], problems: Problem[]): LocatedRealm[] {
  const wholes = new Map<string, LocatedDocument & { data: RealmDocument }>();
  for (const { document, written, data } of documents) {
    if (data.kind !== "Realm") continue;
    const first = wholes.get(placeOf(data))?.document;
    if (first === undefined) wholes.set(placeOf(data), { document, written, data });
    else {
      const at = `${first.file}:${first.at(["realm"]).line}`;
      problems.push(
        document.problem(["realm"], `realm "${data.realm}" is there twice; first in ${at}`, "make one a RealmPart"),
      );
    }
  }
  const parts = new Map<string, (LocatedDocument & { data: RealmPartDocument })[]>();
  for (const { document, written, data } of documents) {
    if (data.kind !== "RealmPart") continue;
    const place = placeOf(data);
    if (wholes.has(place)) parts.set(place, [...(parts.get(place) ?? []), { document, written, data }]);
    // With other problems at hand the realm's own document may be the one that could not be read.
    else if (problems.length === 0) {
      const known = [...wholes.values()].map((whole) => whole.data.realm);
      const message = `no document of kind Realm describes the realm "${data.realm}"`;
      problems.push(document.problem(["realm"], message, suggest(data.realm, known)));
    }
  }
  return [...wholes].map(([place, whole]) => {
    const more = parts.get(place) ?? [];
    return {
      ...whole,
      data: more.reduce((data, part) => join(data, part.data), whole.data),
      documents: [whole, ...more],
    };
  });
}

/** Names that stand in both are reported by the checks, which look at each document by itself. */
const join = (a: RealmDocument, b: RealmPartDocument): RealmDocument => ({
  ...a,
  organizations: [...a.organizations, ...b.organizations],
  upstreams: [...a.upstreams, ...b.upstreams],
  clients: { ...a.clients, ...b.clients },
  clientScopes: { ...a.clientScopes, ...b.clientScopes },
  groups: { ...a.groups, ...b.groups },
  flows: { ...a.flows, ...b.flows },
  roles: joinRoles(a.roles, b.roles),
  components: joinMaps(a.components, b.components),
});

const joinRoles = (a: RealmDocument["roles"], b: RealmDocument["roles"]): RealmDocument["roles"] => ({
  realm: { ...a.realm, ...b.realm },
  clients: joinMaps(a.clients, b.clients),
  ...joinNames("everybody", a.everybody, b.everybody),
  ...joinNames("nobody", a.nobody, b.nobody),
});

function joinNames<Name extends string>(
  name: Name,
  a: RoleNames | undefined,
  b: RoleNames | undefined,
): { readonly [N in Name]?: RoleNames } {
  if ((a ?? b) === undefined) return {};
  const joined = {
    realm: [...(a?.realm ?? []), ...(b?.realm ?? [])],
    clients: joinLists(a?.clients ?? {}, b?.clients ?? {}),
  };
  return { [name]: joined } as { readonly [N in Name]?: RoleNames };
}

function joinMaps<T>(
  a: Readonly<Record<string, Record<string, T>>>,
  b: Readonly<Record<string, Record<string, T>>>,
): Record<string, Record<string, T>> {
  const joined = new Map(Object.entries(a));
  for (const [name, inner] of Object.entries(b)) joined.set(name, { ...joined.get(name), ...inner });
  return Object.fromEntries(joined);
}

function joinLists(
  a: Readonly<Record<string, string[]>>,
  b: Readonly<Record<string, string[]>>,
): Record<string, string[]> {
  // A client may be called as a property that every object has.
  const joined = new Map(Object.entries(a));
  for (const [name, list] of Object.entries(b)) joined.set(name, [...(joined.get(name) ?? []), ...list]);
  return Object.fromEntries(joined);
}
