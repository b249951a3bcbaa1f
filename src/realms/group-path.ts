import type { Path } from "../reconcile/index.ts";

/** Key of a group: the names from the top down to its own. */
export interface GroupPath extends Path {
  readonly rooted: true;
}

/** The key of the group that these names lead to. */
export const groupPath = (...path: readonly string[]): GroupPath => ({ path, rooted: true });

/** A path as Keycloak writes it: a slash in a name looks like a slash between names. */
export const keycloakPath = ({ path }: Path): string => path.map((name) => `/${name}`).join("");

/** The key behind a path as Keycloak writes it, as far as it can be told. */
export const fromKeycloakPath = (text: string): GroupPath => groupPath(...text.split("/").slice(1));
