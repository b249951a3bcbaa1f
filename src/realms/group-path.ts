import { type Path, parseKey } from "../reconcile/index.ts";

/** Key of a group: the names from the top down to its own. */
export interface GroupPath extends Path {
  readonly rooted: true;
}

/** The key of the group that these names lead to. */
export const groupPath = (...path: readonly string[]): GroupPath => ({ path, rooted: true });

/**
 * The key that a path in a file means, with or without a slash before it: `/staff/web`; a name with a slash in it stands
 * in quotes, as in plans: `/"a/b"/web`. Keycloak's own paths do not tell a slash in a name from one between names.
 */
export function parseGroupPath(text: string): GroupPath {
  const rooted = text.startsWith("/") ? text : `/${text}`;
  const parts = parseKey(rooted, ["rooted"]) as readonly [GroupPath] | undefined;
  return parts?.[0] ?? groupPath(...rooted.split("/").slice(1));
}
