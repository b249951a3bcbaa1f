import type { Path } from "../../yaml/index.ts";

/** Where a file names roles: of these the whole list is said, so that without one of them none can be. */
const said = new Set(["composites", "roles", "scopeMappings", "requiredRoles"]);
/** Of these each is said by itself. */
const each = new Set(["everybody", "nobody", "machineRoles"]);

/** Something in a document that cannot stay, and why. */
export interface Place {
  readonly at: Path;
  readonly message: string;
}

/**
 * Places that name a role which had to be left out, or a role of a client that had to be: a realm that is made from the
 * file has none of that name, and to give it would fail.
 */
export function namingLeftRoles(document: unknown, left: readonly Path[]): readonly Place[] {
  const gone = left.flatMap(([section, where, first, second, ...part]): string[] => {
    if (section === "clients" && first === undefined) return [JSON.stringify([where])];
    if (section !== "roles") return [];
    if (where === "realm") return second === undefined ? [JSON.stringify([null, first])] : [];
    // A role of which only a part was left out is still there.
    if (where !== "clients" || part.length > 0) return [];
    return [JSON.stringify(second === undefined ? [first] : [first, second])];
  });
  return gone.length === 0 ? [] : placesIn(document, [], new Set(gone));
}

function placesIn(value: unknown, at: Path, gone: ReadonlySet<string>): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): Place[] => {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    // The section of roles holds roles, it names none.
    const names = path.length > 1 && (said.has(key) || each.has(key)) ? leftIn(inner, gone) : [];
    if (names.length === 0) return placesIn(inner, path, gone);
    const because = (role: string) => `it names the role ${role}, which is not in this file`;
    if (each.has(key)) return names.map((one) => ({ at: [...path, ...one.at], message: because(one.role) }));
    return [{ at: path, message: because(names[0]?.role ?? "") }];
  });
}

function leftIn(roles: unknown, gone: ReadonlySet<string>): { readonly at: Path; readonly role: string }[] {
  const { realm, clients } = (roles ?? {}) as { readonly realm?: unknown; readonly clients?: unknown };
  const list = (names: unknown, client: string | null, at: Path) =>
    (Array.isArray(names) ? names : []).flatMap((name: unknown, i) =>
      gone.has(JSON.stringify([client, name])) || gone.has(JSON.stringify([client]))
        ? [{ at: [...at, i], role: [...(client === null ? [] : [client]), String(name)].join(" ") }]
        : [],
    );
  const ofClients = typeof clients === "object" && clients !== null ? Object.entries(clients) : [];
  return [
    ...list(realm, null, ["realm"]),
    ...ofClients.flatMap(([client, names]) => list(names, client, ["clients", client])),
  ];
}
