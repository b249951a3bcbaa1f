import type { KindRule, Observed, PlainMap } from "../../reconcile/index.ts";
import { textOf } from "../access.ts";
import { isOwnMark } from "../markers.ts";
import { inner, isMarked, type Sight } from "./kind.ts";
import { isKnownRelease } from "./releases.ts";

/** What Keycloak gives a new object of a kind that says nothing. */
interface NewObject {
  readonly fields: PlainMap;
  /** Maps whose names people choose; true for a name that Keycloak, another kind or the product itself writes there. */
  readonly open?: Readonly<Record<string, (name: string) => boolean>>;
}

/** Nothing in the map is anybody else's. */
export const nobodys = (_name: string): boolean => false;

/** The rule of a kind whose new objects are alike: what is in an open map, and is not said, is not there. */
export const unsaidOf =
  (of: NewObject | ((observed: Observed, wanted: PlainMap) => NewObject)): NonNullable<KindRule["unsaid"]> =>
  (observed, wanted) => {
    const { fields, open = {} } = typeof of === "function" ? of(observed, wanted) : of;
    const maps = Object.entries(open).map(([name, isOthers]): [string, PlainMap] => [
      name,
      { ...nothingOf(inner(observed.fields, name), isOthers), ...inner(fields, name) },
    ]);
    return { ...fields, ...Object.fromEntries(maps) };
  };

/** Nothing under each name of a map, but for ours and others'. */
export const nothingOf = (map: PlainMap, isOthers = nobodys): PlainMap =>
  Object.fromEntries(
    Object.keys(map)
      .filter((name) => !isOwnMark(name) && !isOthers(name))
      .map((name) => [name, null]),
  );

/** Whether the realm was made by us: then the file says all that always exists in it. */
export const isOurRealm = ({ snapshot: { realm } }: Sight): boolean => isMarked(realm["attributes"]);

/**
 * As `isOurRealm`, for what differs from release to release: of one that is not known it is not known what a new realm has,
 * so only what the file says is compared.
 */
export const isKnownWhole = (sight: Sight): boolean =>
  isOurRealm(sight) && isKnownRelease(textOf(sight.snapshot.realm["keycloakVersion"]));
