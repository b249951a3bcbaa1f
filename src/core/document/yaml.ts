import { isAlias, isMap, isNode, isPair, isScalar, LineCounter, type ParsedNode, parseAllDocuments, visit } from "yaml";
import { no, ok, type Result } from "../result.ts";
import type { Problem } from "./problem.ts";

/** Where a value stands: keys and list indices from the document's root. */
export type Path = readonly (string | number)[];

/** One document of a YAML file: its plain value, and for every path the place in the text. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Line and column (1-based) of the value at `path`, or of the nearest parent that exists; `key` asks for the key's place. */
  at(path: Path, key?: boolean): { line: number; column: number };
  /** A problem at `path`. */
  problem(path: Path, says: string, fix?: string, key?: boolean): Problem;
}

const maxBytes = 1024 * 1024;
const maxDepth = 20;

/**
 * Parses YAML 1.2 core. Aliases, merge keys, tags, duplicate and `__proto__` keys, over 1 MiB or depth 20 are refused,
 * the size and a crude depth before any parsing costs (S-57).
 */
export function parseYaml(text: string, file: string): Result<YamlDocument[], Problem[]> {
  const whole = (says: string, fix?: string): Problem => ({
    file,
    line: 1,
    column: 1,
    path: "",
    says,
    ...(fix && { fix }),
  });
  if (Buffer.byteLength(text) > maxBytes)
    return no([whole("the file is larger than 1 MiB", "split it into several files")]);
  if (crudeDepth(text) > 200) return no([whole(`the file is nested deeper than ${maxDepth} levels`, "flatten it")]);
  const counter = new LineCounter();
  const parsed = parseAllDocuments<ParsedNode>(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: true,
    lineCounter: counter,
    prettyErrors: false,
  });
  const lines = text.split("\n");
  const problems: Problem[] = [];
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const report = (offset: number, says: string, fix?: string) => {
    const p = place(offset);
    problems.push({ file, ...p, path: "", says, ...(fix && { fix }), excerpt: (lines[p.line - 1] ?? "").trimEnd() });
  };
  const documents = "empty" in parsed ? [] : parsed;
  for (const document of documents) {
    for (const e of document.errors) report(e.pos[0], `not valid YAML: ${firstLine(e.message)}`);
    if (document.errors.length === 0) refuseDangerous(document, report);
  }
  if (problems.length > 0) return no(problems);
  return ok(documents.map((d) => makeDocument(d, file, lines, place)));
}

type ParsedDocument = ReturnType<typeof parseAllDocuments<ParsedNode>>[number];
type Report = (offset: number, says: string, fix?: string) => void;

function refuseDangerous(document: ParsedDocument, report: Report): void {
  visit(document, (key, node, ancestors) => {
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    if (isAlias(node)) {
      report(offset, "aliases (*name) are not allowed", "write the value out");
      return visit.BREAK;
    }
    if (isNode(node) && "anchor" in node && node.anchor) {
      report(offset, `anchors (&${node.anchor}) are not allowed`, "write the value out");
      return visit.BREAK;
    }
    if (isNode(node) && node.tag && !node.tag.startsWith("tag:yaml.org,2002:")) {
      report(offset, `tags (${node.tag}) are not allowed`);
      return visit.BREAK;
    }
    if (ancestors.filter((a) => !isPair(a)).length > maxDepth) {
      report(offset, `nested deeper than ${maxDepth} levels`);
      return visit.BREAK;
    }
    if (
      key === "key" &&
      isScalar(node) &&
      ["__proto__", "constructor", "prototype", "<<"].includes(String(node.value))
    ) {
      report(offset, `the key "${String(node.value)}" is not allowed`);
      return visit.BREAK;
    }
    if (key === "key" && !(isScalar(node) && typeof node.value === "string") && isNode(node)) {
      report(offset, "keys must be text", "put the key in quotes");
      return visit.BREAK;
    }
    return undefined;
  });
}

/** Depth of brackets and of indentation without parsing: only there to stop documents made to exhaust the parser. */
function crudeDepth(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const c of text) {
    if (c === "[" || c === "{") deepest = Math.max(deepest, ++depth);
    else if (c === "]" || c === "}") depth = Math.max(0, depth - 1);
  }
  const dashes = /(?:-[ \t]){200}/.test(text) ? 201 : 0;
  return Math.max(deepest, dashes);
}

function makeDocument(
  document: ParsedDocument,
  file: string,
  lines: readonly string[],
  place: (offset: number) => { line: number; column: number },
): YamlDocument {
  const at = (path: Path, key = false): { line: number; column: number } => {
    for (let end = path.length; end >= 0; end--) {
      const offset = offsetOf(document, path.slice(0, end), key && end === path.length);
      if (offset !== undefined) return place(offset);
    }
    return place(document.range?.[0] ?? 0);
  };
  return {
    file,
    value: document.toJS({ maxAliasCount: 0 }),
    at,
    problem: (path, says, fix, key) => {
      const p = at(path, key);
      const excerpt = (lines[p.line - 1] ?? "").trimEnd();
      return { file, ...p, path: sayPath(path), says, ...(fix !== undefined && { fix }), excerpt };
    },
  };
}

function offsetOf(document: ParsedDocument, path: Path, key: boolean): number | undefined {
  if (key && path.length > 0) {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find((p) => isScalar(p.key) && p.key.value === path.at(-1));
      if (pair && isNode(pair.key)) return pair.key.range?.[0];
    }
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** `tenants.customer-a.domains[0]` */
export function sayPath(path: Path): string {
  return path.reduce<string>(
    (said, part) => (typeof part === "number" ? `${said}[${part}]` : said === "" ? part : `${said}.${part}`),
    "",
  );
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? text;
