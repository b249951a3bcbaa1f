import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { auditEvents } from "../../src/audit/index.ts";
import { refusalCodes } from "../../src/core/index.ts";
import { roomOf, root, type SourceFile, sourcesOf } from "./source.ts";

const product = sourcesOf("src");
const tests = sourcesOf("test");
const everything = [...product, ...tests, ...sourcesOf("demo"), ...sourcesOf("scripts")];

const timeAndChance = [
  "Date.now",
  "new Date",
  "Math.random",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "crypto.randomUUID",
];
const theProcess = ["process.env", "process.exit"];

const uses = (files: readonly SourceFile[], names: readonly string[]): string[] =>
  files.flatMap((f) => f.names.filter((n) => names.includes(n.name)).map((n) => `${f.path}:${n.line}: ${n.name}`));

describe("habits", () => {
  test("time and chance enter through core only", () => {
    expect(
      uses(
        product.filter((f) => roomOf(f.path) !== "core"),
        timeAndChance,
      ),
    ).toEqual([]);
  });

  test("the process belongs to main.ts and cli", () => {
    expect(
      uses(
        product.filter((f) => !["main.ts", "cli"].includes(roomOf(f.path))),
        theProcess,
      ),
    ).toEqual([]);
  });

  test("unit tests do not sleep", () => {
    expect(
      uses(
        tests.filter((f) => f.path.startsWith("test/unit/")),
        ["setTimeout"],
      ),
    ).toEqual([]);
  });

  test("files are small: 300 lines, tests 500", () => {
    const limit = (f: SourceFile) => (f.path.startsWith("test/") ? 500 : 300);
    expect(everything.filter((f) => f.lines.length > limit(f) + 1).map((f) => `${f.path}: ${f.lines.length}`)).toEqual(
      [],
    );
  });

  test("functions are small: 50 lines", () => {
    const long = product.flatMap((f) =>
      f.functions.filter((x) => x.lines > 50).map((x) => `${f.path}:${x.line} ${x.name}: ${x.lines}`),
    );
    expect(long).toEqual([]);
  });

  test("what is suppressed or skipped says why on the line", () => {
    const left = String.raw`\b(?:test|it|describe|context)(?:\.\w+)*\.`;
    const skips = `${left}(?:skip|skipIf|runIf)\\b`;
    const quiet = new RegExp(
      `biome-ignore|@ts-expect-error|@ts-ignore|oxlint-disable|${skips}|${left}(?:only|todo|fails)\\b`,
    );
    const withReason = new RegExp(`biome-ignore [^:]+: \\S.{10,}|@ts-expect-error \\S.{10,}|${skips}.*// \\S.{10,}`);
    const found = everything
      .filter((f) => f.path !== "test/house/habits.test.ts")
      .flatMap((f) => f.lines.map((line, i) => ({ line, at: `${f.path}:${i + 1}` })))
      .filter(({ line }) => quiet.test(line) && !withReason.test(line));
    expect(found.map((f) => f.at)).toEqual([]);
  });

  test("names say what a thing is: no utils, helpers, common, manager, service", () => {
    const vague = /(^|[/-])(utils?|helpers?|common|manager|service|misc|impl)(\.ts$|\/|-)/;
    expect(everything.map((f) => f.path).filter((p) => vague.test(p))).toEqual([]);
  });

  test("every room has a page of at most 30 lines that says its duty", () => {
    const rooms = new Set(
      product
        .map((f) => f.path.split("/"))
        .filter((p) => p.length > 2)
        .map((p) => p[1] ?? ""),
    );
    const pages = [...rooms].map((room) => ({ room, page: join(root, "src", room, "README.md") }));
    expect(pages.filter((p) => !existsSync(p.page)).map((p) => p.room)).toEqual([]);
    expect(pages.filter((p) => readFileSync(p.page, "utf8").trim().split("\n").length > 30).map((p) => p.room)).toEqual(
      [],
    );
  });

  test("every audit event is expected by a test", () => {
    const said = tests.map((f) => f.text).join("\n");
    expect(Object.keys(auditEvents).filter((event) => !said.includes(`"${event}"`))).toEqual([]);
  });

  test("every refusal is explained in the docs", () => {
    const page = readFileSync(join(root, "docs/reference/refusals.md"), "utf8");
    expect(refusalCodes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  test("the lock file names no registry", () => {
    expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toMatch(/"resolved": "http/);
  });

  test("the lock file holds every platform's packages, without which npm ci refuses it", () => {
    const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const wanted = Object.values(packages).flatMap((p) => Object.keys(p.optionalDependencies ?? {}));
    expect(wanted.filter((name) => !Object.keys(packages).some((at) => at.endsWith(`node_modules/${name}`)))).toEqual(
      [],
    );
  });

  test("no file carries a path of somebody's machine", () => {
    const found = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter(
        (p) =>
          /\.(ts|md|ya?ml|json|sh|conf)$/.test(p) &&
          !/^(node_modules|dist|\.git|\.run)\//.test(p) &&
          !p.includes("package-lock"),
      )
      .filter((p) => /(^|[\s"'`(=:])\/(root|work|home\/[a-z]+)\//m.test(readFileSync(join(root, p), "utf8")));
    expect(found).toEqual([]);
  });
});
