import { expect, test } from "vitest";
import { pathsOfS35 } from "../hostile/s35-paths.ts";
import { sourcesOf } from "./source.ts";

/** Routes as the sources declare them: a method, and a path written out or named by a constant. */
function declaredRoutes(): string[] {
  const texts = sourcesOf("src")
    .filter(({ path }) => /^src\/(?:issuer|relying-party)\//.test(path))
    .map(({ text }) => text);
  const constants = new Map(
    texts.flatMap((text) => [...text.matchAll(/const (\w+Path) = "(\/[^"]*)"/g)].map(([, name, path]) => [name, path])),
  );
  const found = texts.flatMap((text) =>
    [...text.matchAll(/"(GET|POST)",\s*(?:path: )?(?:"(\/[^"]*)"|(\w+Path)\b)/g)].map(
      ([, method, path, name]) => `${method} ${path ?? constants.get(name)}`,
    ),
  );
  return [...new Set(found)].sort();
}

test("S-35 says of every route what becomes of it when an identity provider is closed", () => {
  const declared = declaredRoutes();
  expect(declared.length).toBeGreaterThan(25);
  expect(declared).toEqual(Object.keys(pathsOfS35).sort());
});
