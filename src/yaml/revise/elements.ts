import { type CST, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "yaml";

/** An item of a list or a pair of a map, by its places in the text. */
export interface Element {
  /** Of a pair. */
  readonly key?: string;
  /** The value; `null` or without length where none is written. */
  readonly node: unknown;
  /** The key, the dash, or the value of a flow list. */
  readonly start: number;
  /** Right after the colon or the dash: where a value may stand. */
  readonly anchor: number;
  /** A key without a colon, which a flow map may hold. */
  readonly isBare: boolean;
  /** Where its content ends, without what follows on the line; in a block scalar after its line break. */
  readonly end: number;
}

type Collection = YAMLMap | YAMLSeq;

/** Where a node's content ends; `otherwise`, where nothing is written. A node needs no source tokens for this. */
export function endOf(node: unknown, otherwise: number): number {
  if (isScalar(node)) return hasSource(node) ? (node.range?.[1] ?? otherwise) : otherwise;
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    const key = isScalar(last?.key) ? (last.key.range?.[1] ?? otherwise) : otherwise;
    return endOf(last?.value, key);
  }
  if (isSeq(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return endOf(last, isScalar(last) ? (last.range?.[0] ?? otherwise) : (node.range?.[0] ?? otherwise));
  }
  return isMap(node) || isSeq(node) ? (node.range?.[1] ?? otherwise) : otherwise;
}

/** True for a value that is written, even as `~`. */
export function hasSource(node: unknown): boolean {
  if (isScalar(node)) return node.range !== undefined && node.range !== null && node.range[0] < node.range[1];
  return isMap(node) || isSeq(node);
}

/** A map or list as a file has them: in braces, or with an item on each line. A single pair within a list is neither. */
export const isWritten = (node: unknown): node is Collection =>
  (isMap(node) || isSeq(node)) &&
  ["flow-collection", "block-map", "block-seq"].includes((node.srcToken as CST.Token | undefined)?.type ?? "");

/** A written collection whose items stand on lines of their own. */
export const isBlock = (node: unknown): node is Collection => isWritten(node) && node.flow !== true;

/** The items of a written collection, in the order of the text. */
export function elementsOf(node: Collection): Element[] {
  if (isMap(node)) return node.items.map(pairElement);
  if (node.flow === true) return node.items.map(flowItem);
  const dashes = tokensOf(node).flatMap(({ start }) => start.filter(({ type }) => type === "seq-item-ind"));
  return node.items.map((item, i) => {
    const start = dashes[i]?.offset ?? 0;
    return { node: item, start, anchor: start + 1, isBare: false, end: blockEnd(item, start + 1) };
  });
}

function pairElement({ key, value, srcToken }: YAMLMap["items"][number]): Element {
  const token = srcToken as CST.CollectionItem | undefined;
  const range = isScalar(key) ? key.range : undefined;
  const colon = token?.sep?.find(({ type }) => type === "map-value-ind")?.offset;
  const question = token?.start.find(({ type }) => type === "explicit-key-ind")?.offset;
  const anchor = colon === undefined ? (range?.[1] ?? 0) : colon + 1;
  return {
    key: String(isScalar(key) ? key.value : key),
    node: value,
    start: question ?? range?.[0] ?? 0,
    anchor,
    isBare: colon === undefined,
    end: blockEnd(value, anchor),
  };
}

const flowItem = (node: unknown): Element => {
  const start = (isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined) ?? 0;
  return { node, start, anchor: start, isBare: false, end: endOf(node, start) };
};

/** As `endOf`, by the tokens, which know the colon or the dash of an item without a value. */
const blockEnd = (node: unknown, anchor: number): number =>
  isBlock(node) ? (elementsOf(node).at(-1)?.end ?? anchor) : endOf(node, anchor);

const tokensOf = (node: Collection): readonly CST.CollectionItem[] => {
  const token = node.srcToken as CST.BlockSequence | CST.FlowCollection | undefined;
  return token?.items ?? [];
};

/** Where the commas of a flow collection stand; one behind the last item counts. */
export const commasOf = (node: Collection): number[] =>
  tokensOf(node).flatMap(({ start }) => start.filter(({ type }) => type === "comma").map(({ offset }) => offset));
