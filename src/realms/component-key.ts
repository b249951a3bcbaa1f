import { type Path, parseKey } from "../reconcile/index.ts";

/** Key of a component: its type, and the names from the outermost component down to its own. */
export type ComponentKey = readonly [type: string, path: Path];

/** True for a component that is one of two of its name, for callers of two kinds: `anonymous/Trusted Hosts`. */
export const hasCallers = ([type]: ComponentKey | readonly [type: string]): boolean =>
  type === "ClientRegistrationPolicy";

/** The path of names that a text gives: `anonymous/Trusted Hosts`; a name with a slash in it stands in quotes. */
export function componentPath(names: string): Path {
  const parts = parseKey(names, ["path"]) as readonly [Path] | undefined;
  return parts?.[0] ?? { path: [names] };
}

/** The same of a name as it stands in a file, where what is below a component stands below it: mostly a slash is just one. */
export function writtenPath(type: string, name: string): Path {
  const all = componentPath(name);
  return all.path.length === 1 || hasCallers([type]) ? all : { path: [name] };
}

/** The key behind the text of a field `parent`; `undefined` for any other text. */
export const parseComponentKey = (text: string): ComponentKey | undefined =>
  parseKey(text, ["name", "path"]) as ComponentKey | undefined;
