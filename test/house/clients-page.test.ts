import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./source.ts";

const folder = join(root, "test/e2e/clients");
const page = readFileSync(join(root, "docs/reference/clients.md"), "utf8");
const files = readdirSync(folder).sort();

test("docs/reference/clients.md lists exactly the clients that are tested", () => {
  const listed = [...page.matchAll(/\]\(\.\.\/\.\.\/test\/e2e\/clients\/([^)]+)\)/g)].map(([, file]) => file ?? "");
  expect(listed.sort()).toEqual(files);
});

test("and every sentence of theirs, no more and no less: renew it with `npm run docs -- clients`", () => {
  const said = files.flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/\btest\(\s*"((?:[^"\\]|\\.)+)"/g)].map(([, t]) => t ?? ""),
  );
  const listed = [...page.matchAll(/^- (.+)$/gm)].map(([, sentence]) => sentence ?? "");
  expect(listed.sort()).toEqual(said.sort());
});
