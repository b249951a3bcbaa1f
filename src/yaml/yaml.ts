import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import { err, ok, type Result, visible } from "../core/index.ts";
import { composeYaml, mostProblems } from "./compose.ts";
import { excerptAt, type Problem } from "./problem.ts";
import { endOf } from "./revise/elements.ts";

/** Where a value stands: keys and list indices from the document's root. */
export type Path = readonly (string | number)[];

/** One document of a YAML file: its plain value, and for every path the place in the text. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Line and column (1-based) of the value at `path`, or of the nearest parent that exists; `key` asks for the key's place. */
  at(path: Path, key?: boolean): { line: number; column: number };
  /** First and last line (1-based) of what stands at `path`, a pair with its key; comments beside it do not count. */
  lines(path: Path): { first: number; last: number };
  /** A problem at `path`. */
  problem(path: Path, message: string, fix?: string, key?: boolean): Problem;
}

const maxBytes = 1024 * 1024;
const maxDepth = 20;

/** How many names may lead to a value. */
export const mostNested = maxDepth;

/** Depth at which the parser's own recursion would come into danger; the exact depth is judged after it. */
const maxCrudeDepth = 200;

/** How a file is read. */
export interface Reading {
  /** It belongs to other programs, too (a kubeconfig, a `clouds.yaml`): aliases, merge keys and tags are theirs to use. */
  readonly ofOthers?: boolean;
}

/**
 * Parses YAML 1.2 core. Aliases, merge keys, tags, duplicate and `__proto__` keys, over 1 MiB or depth 20 are refused,
 * the size and a crude depth before any parsing costs (S-57). In a file of others an alias has the value that it stands
 * for, `<<` is a key like any other, and a tag means nothing.
 */
export function parseYaml(
  text: string,
  file: string,
  { ofOthers = false }: Reading = {},
): Result<YamlDocument[], Problem[]> {
  const whole = (message: string, fix?: string): Problem => ({
    file,
    line: 1,
    column: 1,
    path: "",
    message,
    ...(fix && { fix }),
  });
  if (Buffer.byteLength(text) > maxBytes)
    return err([whole("the file is larger than 1 MiB", "split it into several files")]);
  const lines = text.split("\n");
  if (crudeDepth(lines) > maxCrudeDepth)
    return err([whole(`the file is nested deeper than ${maxDepth} levels`, "flatten it")]);
  const counter = new LineCounter();
  const { documents, errors, more } = composeYaml(text, counter);
  const problems: Problem[] = [];
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const report = (offset: number, message: string, fix?: string) => {
    const p = place(offset);
    const excerpt = excerptAt(lines, p);
    problems.push({ file, ...p, path: "", message, ...(fix && { fix }), ...(excerpt !== undefined && { excerpt }) });
  };
  for (const e of errors) report(e.pos[0], `not valid YAML: ${firstLine(e.message)}`);
  if (more)
    report(errors.at(-1)?.pos[0] ?? 0, "… and more: nothing was read from here on", "mend the first ones first");
  for (const document of documents) {
    if (problems.length === mostProblems) report(document.range[0], "… and more problems than are shown here");
    if (problems.length > mostProblems) break;
    if (document.errors.length > 0) continue;
    if (isDangerous(document.contents, 1, report, ofOthers)) continue;
    if (ofOthers && !isResolvable(document))
      report(document.range[0], "aliases (*name) stand for too much or for nothing");
  }
  if (problems.length > 0) return err(problems);
  return ok(documents.map((d) => makeDocument(d, file, lines, place)));
}

type ParsedDocument = Document.Parsed<ParsedNode>;
type Report = (offset: number, message: string, fix?: string) => void;

/** Reports the first thing in a node, or under it, that could make a document mean more than it says. */
function isDangerous(node: unknown, depth: number, report: Report, ofOthers: boolean): boolean {
  if (!isNode(node)) return false;
  const refuse = (message: string, fix?: string): true => {
    report(node.range?.[0] ?? 0, message, fix);
    return true;
  };
  if (isAlias(node)) return ofOthers ? false : refuse("aliases (*name) are not allowed", "write the value out");
  if (!ofOthers && "anchor" in node && node.anchor)
    return refuse(`anchors (&${node.anchor}) are not allowed`, "write the value out");
  if (!ofOthers && node.tag) {
    const tag = node.tag.replace("tag:yaml.org,2002:", "!!");
    return refuse(`tags (${tag}) are not allowed`, "write the value plainly");
  }
  if (depth > maxDepth) return refuse(`nested deeper than ${maxDepth} levels`);
  const isWrong = (value: unknown) => isDangerous(value, depth + 1, report, ofOthers);
  if (isSeq(node)) return node.items.some(isWrong);
  if (!isMap(node)) return false;
  return (
    hasTwins(node, report) ||
    node.items.some(({ key, value }) => isWrong(key) || isDangerousKey(key, report, ofOthers) || isWrong(value))
  );
}

/** A document of others whose aliases can be followed: each stands for something, and together for no more than fits. */
function isResolvable(document: ParsedDocument): boolean {
  try {
    document.toJS({ maxAliasCount: mostAliases });
    return true;
  } catch {
    return false;
  }
}

/** Times that an alias may multiply what it stands for: a "billion laughs" has millions. */
const mostAliases = 100;

function isDangerousKey(key: unknown, report: Report, ofOthers: boolean): boolean {
  if (!isNode(key)) return false;
  const offset = key.range?.[0] ?? 0;
  if (!isScalar(key) || typeof key.value !== "string") report(offset, "keys must be text", "put the key in quotes");
  else if (dangerousKeys.has(key.value) && !(ofOthers && key.value === "<<"))
    report(offset, `the key "${key.value}" is not allowed`);
  else return false;
  return true;
}

/** True for a key that a document may have. */
export const isKeyAllowed = (key: string): boolean => !dangerousKeys.has(key);

const dangerousKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype", "<<"]);

/** Of two equal keys one would win in silence. */
function hasTwins(map: YAMLMap, report: Report): boolean {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) {
      report(key.range?.[0] ?? 0, `the key "${String(key.value)}" stands here twice`, "remove one of the two");
      return true;
    }
    seen.add(key.value);
  }
  return false;
}

/**
 * Depth of brackets and of indentation without parsing, in one pass: only there to stop documents made to exhaust the
 * parser. `- - ?` on one line nest as much as lines further and further to the right.
 */
function crudeDepth(lines: readonly string[]): number {
  const columns: number[] = [];
  let [brackets, deepest] = [0, 0];
  for (const line of lines) {
    const lead = /^(?:[ \t]|[-?:](?=[ \t]))*/.exec(line)?.[0] ?? "";
    for (let column = 0; column <= lead.length; column++) {
      const c = line[column];
      if (c === undefined || c === " " || c === "\t" || c === "\r") continue;
      while ((columns.at(-1) ?? -1) >= column) columns.pop();
      if (columns.push(column) > maxCrudeDepth) return columns.length;
    }
    for (const c of line) {
      if (c === "[" || c === "{") brackets++;
      else if (c === "]" || c === "}") brackets = Math.max(0, brackets - 1);
      deepest = Math.max(deepest, brackets);
    }
    deepest = Math.max(deepest, columns.length);
    if (deepest > maxCrudeDepth) break;
  }
  return deepest;
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
    value: document.toJS({ maxAliasCount: mostAliases }),
    at,
    lines: (path) => {
      const { line: first } = at(path, true);
      const node = path.length === 0 ? document.contents : document.getIn(path, true);
      const last = place(Math.max(0, endOf(node, 0) - 1)).line;
      return { first, last: Math.max(first, last) };
    },
    problem: (path, message, fix, key) => {
      const p = at(path, key);
      const excerpt = excerptAt(lines, p);
      const more = { ...(fix !== undefined && { fix }), ...(excerpt !== undefined && { excerpt }) };
      return { file, ...p, path: formatPath(path), message, ...more };
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
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (said, part) => (typeof part === "number" ? `${said}[${part}]` : said === "" ? part : `${said}.${part}`),
    "",
  );
}

/** What the parser says, without the piece of text that it repeats: that may be anything, a secret too. */
const firstLine = (text: string): string => (text.split("\n", 1)[0] ?? text).replace(/: ".*$/, "");

/** A plain value as YAML 1.2, each name and value on a line of its own; reads back as the same value, and hides nothing. */
export function formatYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, scalar) => {
      const hides = typeof scalar.value === "string" && visible(scalar.value) !== scalar.value;
      if (hides) scalar.type = Scalar.QUOTE_DOUBLE; // the one form that has escapes
    },
  });
  return visible(document.toString({ lineWidth: 0 }));
}
