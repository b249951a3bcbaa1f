import type { YAMLMap, YAMLSeq } from "yaml";
import type { Alignment, Fresh } from "./align.ts";
import { commasOf, type Element, elementsOf } from "./elements.ts";
import { type Page, type Revise, type Spot, valueIn } from "./page.ts";
import { spellFresh } from "./spelling.ts";
import { lineEnd, lineStart, withCommentsAbove } from "./splices.ts";

/** What there is of a flow collection. */
interface Flow {
  readonly page: Page;
  readonly elements: readonly Element[];
  /** One behind each element, perhaps not behind the last. */
  readonly commas: readonly number[];
  readonly open: number;
  readonly close: number;
}

/** Gives a collection in braces or brackets other items; those that stand on a line of their own get a line of their own. */
export function reviseFlow(
  page: Page,
  spot: Spot & { readonly node: YAMLMap | YAMLSeq },
  old: unknown,
  alignment: Alignment,
  revise: Revise,
): void {
  const { node } = spot;
  const [open = 0, end = 0] = node.range ?? [];
  const flow = { page, elements: elementsOf(node), commas: commasOf(node), open, close: end - 1 };
  if (alignment.kept.size === 0 && alignment.added.size === 0 && !hasComment(flow, open, flow.close)) {
    page.splices.cut(open + 1, flow.close);
    return;
  }
  removeRuns(flow, alignment);
  const isTrailing = flow.commas.length === flow.elements.length;
  const last = lastPlace(flow, alignment);
  const isLast = (place: number, isEnd: boolean) => place === last && isEnd && !isTrailing;
  write(flow, -1, alignment, () => true);
  for (const [place, element] of flow.elements.entries()) {
    const added = alignment.added.get(place) ?? [];
    if (alignment.kept.has(place)) {
      revise(
        page,
        { ...element, depth: spot.depth + 1, within: "flow", column: 0 },
        valueIn(old, element.key, place),
        alignment.kept.get(place),
      );
      setComma(flow, place, !isLast(place, added.length === 0));
    }
    write(flow, place, alignment, (i) => !isLast(place, i === added.length - 1));
  }
}

/** The place of the last element that stays, or behind which something comes. */
const lastPlace = ({ elements }: Flow, { kept, added }: Alignment): number =>
  elements.reduce((last, _element, place) => (kept.has(place) || added.has(place) ? place : last), -1);

function setComma({ page, elements, commas }: Flow, place: number, isWanted: boolean): void {
  const comma = commas[place];
  if (isWanted && comma === undefined) page.splices.insert(elements[place]?.end ?? 0, ",");
  if (!isWanted && comma !== undefined) page.splices.cut(comma, comma + 1);
}

/** Behind an element and its comma. */
const behind = ({ elements, commas }: Flow, place: number): number => {
  const comma = commas[place];
  return comma === undefined ? (elements[place]?.end ?? 0) : comma + 1;
};

/** An element with nothing beside it but its comma and a comment. */
function isAlone(flow: Flow, place: number): boolean {
  const { text } = flow.page;
  const { start = 0 } = flow.elements[place] ?? {};
  const after = behind(flow, place);
  return (
    text.slice(lineStart(text, start), start).trim() === "" &&
    /^[ \t\r]*(#.*)?\n$/.test(text.slice(after, lineEnd(text, after)))
  );
}

function write(flow: Flow, place: number, { kept, added }: Alignment, needsComma: (index: number) => boolean): void {
  const { page } = flow;
  const { text, spelling, splices } = page;
  const fresh: readonly Fresh[] = added.get(place) ?? [];
  const beside = flow.elements[Math.max(place, 0)];
  if (beside === undefined) return;
  const indent = text.slice(lineStart(text, beside.start), beside.start);
  for (const [i, { key, value }] of fresh.entries()) {
    const spelled = spellFresh(spelling, key, value) + (needsComma(i) ? "," : "");
    if (isAlone(flow, Math.max(place, 0)) && place < 0) splices.insert(beside.start, spelled + spelling.eol + indent);
    else if (place < 0) splices.insert(beside.start, `${spelled} `);
    else if (isAlone(flow, place)) splices.insert(lineEnd(text, behind(flow, place)), indent + spelled + spelling.eol);
    else splices.insert(behind(flow, place), `${i === 0 && kept.size === 0 ? "" : " "}${spelled}`);
  }
}

/** Takes away what goes, neighbours at once. */
function removeRuns(flow: Flow, { kept }: Alignment): void {
  const { length } = flow.elements;
  for (let from = 0; from < length; from++) {
    if (kept.has(from)) continue;
    let to = from;
    while (to + 1 < length && !kept.has(to + 1)) to++;
    const places = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    if (places.every((place) => isAlone(flow, place))) for (const place of places) removeLines(flow, place);
    else removeRun(flow, from, to);
    from = to;
  }
}

function removeLines(flow: Flow, place: number): void {
  const { text, splices } = flow.page;
  const line = lineStart(text, flow.elements[place]?.start ?? 0);
  const bound = lineEnd(text, place === 0 ? flow.open + 1 : behind(flow, place - 1));
  splices.cut(withCommentsAbove(text, line, Math.min(bound, line)), lineEnd(text, behind(flow, place)));
}

/** Blanks go with what they stood before, comments stay. */
function removeRun(flow: Flow, from: number, to: number): void {
  const { splices } = flow.page;
  const begin = flow.elements[from]?.start ?? 0;
  const end = behind(flow, to);
  const next = flow.elements[to + 1]?.start;
  if (from === 0) splices.cut(begin, next === undefined || hasComment(flow, end, next) ? end : next);
  else {
    const previous = behind(flow, from - 1);
    splices.cut(hasComment(flow, previous, begin) ? begin : previous, end);
  }
}

/** True when a comment stands between two offsets, outside of every element. */
function hasComment({ page, elements }: Flow, from: number, to: number): boolean {
  let at = from;
  let gaps = "";
  for (const { start, end } of elements) {
    if (end <= from || start >= to) continue;
    gaps += page.text.slice(at, Math.max(at, start));
    at = end;
  }
  return (gaps + page.text.slice(at, Math.max(at, to))).includes("#");
}
