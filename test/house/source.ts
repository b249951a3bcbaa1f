import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

/** The project's folder. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** One import or export-from. */
export interface Import {
  readonly from: string;
  readonly line: number;
  /** The names that are taken, as they are called there; `*`: all of them, also by a dynamic import. */
  readonly names: readonly string[];
}

/** One name that a file exports; `*` for all those of `from`. */
export interface Export {
  readonly name: string;
  readonly line: number;
  /** Where it is handed on from. */
  readonly from?: string;
}

/** One function, with the lines it takes. */
export interface Func {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  /** Names of the types that its parameters have whole: `Deps` of `(deps: Deps)`, nothing of `Pick<Deps, "clock">`. */
  readonly takes: readonly string[];
}

/** A source file as the house test sees it. */
export interface SourceFile {
  /** From the project's folder, as `src/core/clock.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  readonly functions: readonly Func[];
  /** `object.property` and `name` of every identifier used, with its line: comments and texts do not count. */
  readonly names: readonly { readonly name: string; readonly line: number }[];
  /** Every identifier: names, members, types, keys. */
  readonly identifiers: readonly { readonly name: string; readonly line: number }[];
}

const known = new Map<string, SourceFile[]>();

/** Every TypeScript file below a folder of the project. */
export function sourcesOf(folder: string): readonly SourceFile[] {
  const before = known.get(folder);
  if (before) return before;
  const found = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .sort()
    .map((name) => read(join(folder, name)));
  known.set(folder, found);
  return found;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const lineAt = lineCounter(text);
  const found = {
    imports: [] as Import[],
    exports: [] as Export[],
    functions: [] as Func[],
    names: [] as { name: string; line: number }[],
    identifiers: [] as { name: string; line: number }[],
  };
  walk(program as unknown as Node, undefined, (node, parent) => {
    const line = lineAt(node.start);
    const from = sourceOf(node);
    if (from !== undefined) found.imports.push({ from, line, names: takenBy(node) });
    found.exports.push(...exportedBy(node).map((name) => ({ name, line, ...(from !== undefined && { from }) })));
    if (node.type === "Identifier") found.identifiers.push({ name: String(node["name"]), line });
    if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
      found.functions.push({
        name: nameOf(node, parent),
        line,
        lines: lineAt(node.end) - line + 1,
        takes: takenTypes(node),
      });
    }
    const name = usedName(node);
    if (name !== undefined) found.names.push({ name, line });
  });
  return { path, text, lines: text.split("\n"), ...found };
}

/** The line of an offset. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const nodesIn = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const textOf = (value: unknown): string => {
  const { name, value: literal } = (isNode(value) ? value : {}) as { name?: unknown; value?: unknown };
  return String(name ?? literal ?? "");
};

/** What an import, an export-from, `import()` or `typeof import()` leads to. */
function sourceOf(node: Node): string | undefined {
  const source = node["source"];
  return isNode(source) && typeof source["value"] === "string" ? source["value"] : undefined;
}

function takenBy(node: Node): string[] {
  if (!/^(Import|ExportNamed)Declaration$/.test(node.type)) return ["*"];
  return nodesIn(node["specifiers"]).map((one) => {
    if (one.type === "ImportSpecifier") return textOf(one["imported"]);
    return one.type === "ExportSpecifier" ? textOf(one["local"]) : "*";
  });
}

function exportedBy(node: Node): string[] {
  if (node.type === "ExportAllDeclaration") return ["*"];
  if (node.type !== "ExportNamedDeclaration") return [];
  const declared = node["declaration"];
  const handed = nodesIn(node["specifiers"]).map((one) => textOf(one["exported"]));
  if (!isNode(declared)) return handed;
  if (declared.type !== "VariableDeclaration") return [textOf(declared["id"])];
  return nodesIn(declared["declarations"]).flatMap(({ id }) => namesOf(id));
}

function takenTypes(node: Node): string[] {
  return nodesIn(node["params"]).flatMap((parameter) => {
    const holder = isNode(parameter["left"]) ? parameter["left"] : parameter;
    const annotation = isNode(holder["typeAnnotation"]) ? holder["typeAnnotation"]["typeAnnotation"] : undefined;
    return isNode(annotation) && annotation.type === "TSTypeReference" ? [textOf(annotation["typeName"])] : [];
  });
}

/** The names that a pattern binds. */
function namesOf(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  if (pattern.type === "Identifier") return [textOf(pattern)];
  const inner = [...nodesIn(pattern["properties"]), ...nodesIn(pattern["elements"])];
  return inner.flatMap((one) => namesOf(one.type === "Property" ? one["value"] : (one["argument"] ?? one)));
}

function walk(node: Node, parent: Node | undefined, visit: (node: Node, parent: Node | undefined) => void): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, node, visit);
  }
}

/** `Date.now` for a member, `new Date` for a construction without arguments, `setTimeout` for a call. */
function usedName(node: Node): string | undefined {
  const nameOfNode = (n: unknown) => (isNode(n) && n.type === "Identifier" ? String(n["name"]) : undefined);
  if (node.type === "MemberExpression") {
    const [object, property] = [nameOfNode(node["object"]), nameOfNode(node["property"])];
    return object === undefined || property === undefined ? undefined : `${object}.${property}`;
  }
  if (node.type === "NewExpression" && Array.isArray(node["arguments"]) && node["arguments"].length === 0) {
    return `new ${nameOfNode(node["callee"])}`;
  }
  return node.type === "CallExpression" ? nameOfNode(node["callee"]) : undefined;
}

function nameOf(node: Node, parent: Node | undefined): string {
  for (const holder of [node["id"], parent?.["id"], parent?.["key"]]) {
    if (isNode(holder) && typeof holder["name"] === "string") return holder["name"];
  }
  return "(unnamed)";
}

/** Room of a file of `src`: `core`, `http`, … or the file itself for the composition root. */
export const roomOf = (path: string): string => relative("src", path).split("/")[0] ?? "";

/** The project path that a relative import leads to. */
export const target = (file: SourceFile, from: string): string =>
  relative(root, resolve(root, dirname(file.path), from));
