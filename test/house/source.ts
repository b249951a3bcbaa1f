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
}

/** One function, with the lines it takes. */
export interface Func {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** A source file as the house test sees it. */
export interface SourceFile {
  /** From the project's folder, as `src/core/clock.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
  readonly functions: readonly Func[];
  /** `object.property` and `name` of every identifier used, with its line: comments and texts do not count. */
  readonly names: readonly { readonly name: string; readonly line: number }[];
}

/** Every TypeScript file below a folder of the project. */
export function sourcesOf(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .sort()
    .map((name) => read(join(folder, name)));
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
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const found = { imports: [] as Import[], functions: [] as Func[], names: [] as { name: string; line: number }[] };
  walk(program as unknown as Node, undefined, (node, parent) => {
    const source = node["source"];
    if (isNode(source) && typeof source["value"] === "string") {
      found.imports.push({ from: source["value"], line: lineAt(node.start) });
    }
    if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
      const lines = lineAt(node.end) - lineAt(node.start) + 1;
      found.functions.push({ name: nameOf(node, parent), line: lineAt(node.start), lines });
    }
    const name = usedName(node);
    if (name !== undefined) found.names.push({ name, line: lineAt(node.start) });
  });
  return { path, text, lines: text.split("\n"), ...found };
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
