import { type Document, isMap, isScalar, isSeq, type Node, parseAllDocuments, type ToStringOptions, visit } from "yaml";
import { keepEnds, keepLines } from "./keep-lines.ts";
import type { Path } from "./yaml.ts";

/** One document of a YAML file, open for changes. Paths must lead to maps and lists that are there, but for the last part. */
export interface YamlEditor {
  has(path: Path): boolean;
  /** Puts a value there, in the place of what there is. */
  set(path: Path, value: unknown): void;
  /** Adds an item at the end of a list; makes the list where there is none. */
  add(path: Path, item: unknown): void;
  remove(path: Path): void;
}

const reading = { version: "1.2", schema: "core", merge: false } as const;

/**
 * Changes one document of a YAML file that parses without errors, and leaves comments, order, blanks, line ends and the other
 * documents as they are. Answers the new text: its values are what was asked for, its line breaks within long values may be
 * others.
 */
export function editYaml(text: string, index: number, edit: (document: YamlEditor) => void): string {
  const documents = parseAllDocuments(text, reading);
  if ("empty" in documents) return text;
  const document = documents[index];
  if (document !== undefined) edit(editorOf(document));
  const written = documents.map((it) => it.toString(styleOf(text))).join("");
  const kept = keepLines(text, written);
  // Where the old blanks would say something else beside the new lines, all lines are spelled anew.
  return valuesOf(kept) === valuesOf(written) ? kept : keepEnds(text, written);
}

function valuesOf(text: string): string | undefined {
  const documents = parseAllDocuments(text, reading);
  if ("empty" in documents) return "[]";
  return documents.some(({ errors }) => errors.length > 0)
    ? undefined
    : JSON.stringify(documents.map((it) => it.toJS()));
}

const editorOf = (document: Document): YamlEditor => ({
  has: (path) => document.hasIn(path),
  set: (path, value) => document.setIn(path, isScalarValue(value) ? value : nodeOf(document, value)),
  add: (path, item) => {
    if (!isSeq(document.getIn(path))) document.setIn(path, document.createNode([]));
    document.addIn(path, isScalarValue(item) ? item : nodeOf(document, item));
  },
  remove: (path) => {
    document.deleteIn(path);
  },
});

const isScalarValue = (value: unknown): boolean => typeof value !== "object" || value === null;

/** Small maps and lists inside a new entry stand on one line, as people write them. */
function nodeOf(document: Document, value: unknown): Node {
  const made = document.createNode(value) as Node;
  visit(made, (_key, node) => {
    if (node === made || !(isMap(node) || isSeq(node))) return undefined;
    const inner = isMap(node) ? node.items.map((pair) => pair.value) : node.items;
    if (inner.every((item) => isMap(item) || (isScalar(item) && String(item.value).length < 80))) node.flow = true;
    return undefined;
  });
  return made;
}

/** Written as the file is: lists indented or not, braces with blanks or without. */
const styleOf = (text: string): ToStringOptions => ({
  lineWidth: 0,
  flowCollectionPadding: /[{[] \S/.test(text),
  indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text),
});
