import { describe, expect, test } from "vitest";
import { roomOf, type SourceFile, sourcesOf, target } from "./source.ts";

const product = sourcesOf("src");
const everything = [...product, ...sourcesOf("test"), ...sourcesOf("demo"), ...sourcesOf("scripts")];
const byPath = new Map(product.map((file) => [file.path, file]));
const relatives = ({ imports }: SourceFile) => imports.filter(({ from }) => from.startsWith("."));

/** Who takes which name of which file: `path name` → the paths that take it. */
const takers = new Map<string, Set<string>>();
const take = (path: string, name: string, by: string): void => {
  const file = byPath.get(path);
  if (!file) return;
  const stars = file.exports.filter((e) => e.name === "*").map((e) => target(file, e.from ?? ""));
  const own = file.exports.filter((e) => e.name !== "*").map((e) => e.name);
  if (name === "*") for (const each of own) note(path, each, by);
  else if (own.includes(name)) note(path, name, by);
  // What a door hands on whole is taken where it comes from.
  if (name === "*" || !own.includes(name)) for (const star of stars) take(star, name, by);
};
const note = (path: string, name: string, by: string) => {
  const known = takers.get(`${path} ${name}`) ?? new Set();
  takers.set(`${path} ${name}`, known.add(by));
};
for (const file of everything) {
  for (const { from, names } of relatives(file)) {
    const isStar = file.exports.some((e) => e.name === "*" && e.from === from);
    if (!isStar) for (const name of names) take(target(file, from), name, file.path);
  }
}
const takersOf = (path: string, name: string): string[] => [...(takers.get(`${path} ${name}`) ?? [])];

/** What a door hands out, with the names of files that it hands on whole. */
function handedOut(file: SourceFile): { name: string; line: number; path: string }[] {
  return file.exports.flatMap(({ name, line, from = "" }) => {
    if (name !== "*") return [{ name, line, path: file.path }];
    const whole = byPath.get(target(file, from));
    return whole ? handedOut(whole).map((one) => ({ ...one, line })) : [];
  });
}

describe("exports", () => {
  test("what a file exports is imported by another one", () => {
    const unused = product
      .filter(({ path }) => !/^src\/[\w-]+\/index\.ts$/.test(path))
      .flatMap(({ path, exports }) =>
        exports
          .filter(({ name }) => name !== "*" && takersOf(path, name).length === 0)
          .map(({ name, line }) => `${path}:${line}: ${name}`),
      );
    expect(unused).toEqual([]);
  });

  test("a door hands out what somebody outside the room imports", () => {
    const unused = product
      .filter(({ path }) => /^src\/[\w-]+\/index\.ts$/.test(path))
      .flatMap((door) =>
        handedOut(door)
          .filter(({ name, path }) => takersOf(path, name).every((by) => roomOf(by) === roomOf(door.path)))
          .map(({ name, line }) => `${door.path}:${line}: ${name}`),
      );
    expect(unused).toEqual([]);
  });
});
