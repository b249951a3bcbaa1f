/** Differences between two comparable realms, one a line: where, what was first, what is now. Empty when there is none. */
export function differences(before: unknown, after: unknown): string[] {
  return walk(before, after, "");
}

function walk(before: unknown, after: unknown, at: string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isMap(before) && isMap(after)) {
    const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return members.flatMap((name) => walk(own(before, name), own(after, name), at === "" ? name : `${at} › ${name}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.every(isMap)) {
    return before.flatMap((it, place) => walk(it, after[place], `${at} › ${place}`));
  }
  return [`${at}: ${shown(before)} → ${shown(after)}`];
}

/** Names are people's: one may be called like what every map inherits. */
const own = (map: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(map, name) ? map[name] : undefined;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
};
