import { isMap, type YAMLMap, type YAMLSeq } from "yaml";
import type { Alignment, Fresh } from "./align.ts";
import { type Element, elementsOf } from "./elements.ts";
import { type Page, type Revise, type Spot, valueIn } from "./page.ts";
import { headOf, itemLines, pairLines, type Sample } from "./spelling.ts";
import { blanksEnd, isBlankAbove, lineEnd, lineStart, withCommentsAbove, withCommentsInside } from "./splices.ts";

/** The lines of an element: with its comments above (`from`) and inside, up to before `to`. */
interface Extent {
  readonly from: number;
  readonly to: number;
}

/**
 * Gives a collection with an item on each line other items. False, and nothing done, where the first one stands behind a
 * dash and something comes before it or takes its place.
 */
export function reviseBlock(
  page: Page,
  spot: Spot & { readonly node: YAMLMap | YAMLSeq },
  old: unknown,
  alignment: Alignment,
  revise: Revise,
): boolean {
  const { text, splices } = page;
  const elements = elementsOf(spot.node);
  const [first] = elements;
  if (first === undefined) return false;
  const start = lineStart(text, first.start);
  const isCompact = text.slice(start, first.start).replace("\ufeff", "").trim() !== "";
  if (isCompact && (!alignment.kept.has(0) || alignment.added.has(-1))) return false;
  const column = text.slice(start, first.start).replace("\ufeff", "").length;
  const above = Math.min(lineEnd(text, spot.anchor), start);
  const extents = extentsOf(text, elements, column, above);
  removeAll(page, extents, alignment, above);
  if (alignment.kept.size === 0 && alignment.added.size === 0)
    splices.insert(spot.anchor, isMap(spot.node) ? " {}" : " []");
  const write = (fresh: readonly Fresh[], at: number, style: Style) => {
    const blank = style.isSpaced ? [""] : [];
    const lines = fresh.flatMap((one) => [...blank, ...linesOf(page, one, column, style)]);
    splices.insert(at, lines.map((line) => line + page.spelling.eol).join(""));
  };
  const style = styleOf(page, spot, elements, extents);
  const before = alignment.added.get(-1);
  if (before !== undefined) write(before, extents[0]?.from ?? start, { ...style, isSpaced: false });
  for (const [place, element] of elements.entries()) {
    const within = isMap(spot.node) ? "map" : "list";
    if (alignment.kept.has(place))
      revise(
        page,
        { ...element, depth: spot.depth + 1, within, column },
        valueIn(old, element.key, place),
        alignment.kept.get(place),
      );
    const after = alignment.added.get(place);
    if (after !== undefined) write(after, extents[place]?.to ?? 0, style);
  }
  return true;
}

/** `above`: where the comments of the first one begin at the earliest. */
function extentsOf(text: string, elements: readonly Element[], column: number, above: number): Extent[] {
  const extents: Extent[] = [];
  for (const { start, end } of elements) {
    const line = lineStart(text, start);
    const bound = extents.at(-1)?.to ?? above;
    extents.push({
      from: withCommentsAbove(text, line, bound),
      to: withCommentsInside(text, lineEnd(text, end), column),
    });
  }
  return extents;
}

/** Of the empty lines before and after what goes, those before stay; before a first one and at the end of a file none. */
function removeAll({ text, splices }: Page, extents: readonly Extent[], { kept }: Alignment, above: number): void {
  let isEnd = extents.at(-1)?.to === text.length;
  for (const [place, { from, to }] of [...extents.entries()].reverse()) {
    if (kept.has(place)) {
      isEnd = false;
      continue;
    }
    const bound = extents[place - 1]?.to ?? above;
    let first = from;
    while (isEnd && first > bound && isBlankAbove(text, first)) first = lineStart(text, first - 1);
    const [isFirst, isLast] = [place === 0, place === extents.length - 1];
    const isApart = isBlankAbove(text, from) || (isFirst && !isLast);
    // What separates the last one of all from what follows, then separates the emptied collection from it.
    const isLastOfAll = isLast && !isFirst && kept.size === 0;
    splices.cut(first, isApart && !isLastOfAll ? blanksEnd(text, to) : to);
  }
}

/** How new items look beside those that are there. */
interface Style {
  readonly sample: Sample;
  /** What stands between a dash and its item. */
  readonly gap: string;
  /** There are empty lines between items. */
  readonly isSpaced: boolean;
}

function styleOf(
  { text, spelling }: Page,
  spot: Spot,
  elements: readonly Element[],
  extents: readonly Extent[],
): Style {
  const last = elements.at(-1) as Element;
  const gap = /^ +(?=[^\s#])/.exec(text.slice(last.anchor))?.[0] ?? " ";
  const from = extents.at(-1)?.from ?? 0;
  return {
    // Of the members of a whole document each has lines of its own.
    sample: spot.depth === 0 ? "block" : last.node,
    gap: isMap(spot.node) ? " " : gap,
    isSpaced: !spelling.ofOthers && elements.length > 1 && isBlankAbove(text, from),
  };
}

function linesOf({ spelling }: Page, { key, value }: Fresh, column: number, { sample, gap }: Style): string[] {
  return key === undefined
    ? itemLines(spelling, `${" ".repeat(column)}-`, value, column, sample, gap)
    : pairLines(spelling, headOf(spelling, key, column), value, column, sample);
}
