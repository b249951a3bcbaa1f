import { type Path, parseKey } from "../reconcile/index.ts";

/** Key of a component: its type, and the names from the outermost component down to its own. */
export type ComponentKey = readonly [type: string, path: Path];

/** The path of names that a file gives: `anonymous/Trusted Hosts`; a name with a slash in it stands in quotes. */
export function componentPath(names: string): Path {
  const parts = parseKey(names, ["path"]) as readonly [Path] | undefined;
  return parts?.[0] ?? { path: [names] };
}

/** The key behind the text of a field `parent`; `undefined` for any other text. */
export const parseComponentKey = (text: string): ComponentKey | undefined =>
  parseKey(text, ["name", "path"]) as ComponentKey | undefined;
