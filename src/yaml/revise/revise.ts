import { isScalar, isSeq, LineCounter } from "yaml";
import { Bug, ok, type Result } from "../../core/index.ts";
import { composeYaml } from "../compose.ts";
import type { Problem } from "../problem.ts";
import { isSameValue } from "../same-value.ts";
import { parseYaml, type Reading, type YamlDocument } from "../yaml.ts";
import { type Alignment, alignList, alignMap, type NameOf } from "./align.ts";
import { reviseBlock } from "./block.ts";
import { elementsOf, hasSource, isBlock, isWritten } from "./elements.ts";
import { reviseFlow } from "./flow.ts";
import type { Page, Spot } from "./page.ts";
import {
  blockLines,
  columnUnder,
  isList,
  isOneLine,
  isRecord,
  type Sample,
  spellFlow,
  spellFresh,
  spellingOf,
} from "./spelling.ts";
import { lineEnd, lineStart, makeSplices } from "./splices.ts";

/** A text after a change, and what it says. */
interface RevisedYaml {
  readonly text: string;
  readonly documents: readonly YamlDocument[];
}

/** What else is known of a file that is revised. */
interface Revising extends Reading {
  /** How items of lists are known although they change; default: by what they say. */
  readonly nameOf?: NameOf;
}

/**
 * Gives one document of a text that `parseYaml` takes another value, with the least change of the text: what stays keeps
 * its bytes, its comments, its quotes and its line ends. What comes is written as its neighbours are; what goes takes the
 * comment lines with it that stand directly above. The text is read again: it says exactly what was asked for, or a `Bug`
 * is thrown. Refuses a value that no file may hold. What comes into a file of others is quoted where a reader of YAML 1.1
 * (Python's, Go's older ones) would take a text for something else.
 */
export function reviseYaml(
  { file, text }: { readonly file: string; readonly text: string },
  index: number,
  value: unknown,
  { nameOf = () => undefined, ofOthers = false }: Revising = {},
): Result<RevisedYaml, Problem[]> {
  // A last line that is not ended is ended for the time of the work.
  const eol = spellingOf(text).eol;
  const isEnded = text.endsWith("\n");
  const whole = isEnded ? text : text + eol;
  const { documents } = composeYaml(whole, new LineCounter(), true);
  const old = documents.map((document) => document.toJS() as unknown);
  const node = documents[index]?.contents;
  if (!isWritten(node)) throw new Bug(`document ${index} of ${file} is neither a map nor a list`);
  const page: Page = { text: whole, spelling: spellingOf(whole, ofOthers), splices: makeSplices(whole), nameOf };
  const [start, end] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
  const root: Spot = { node, anchor: start, end, depth: 0, within: "map", column: 0, isBare: false };
  revise(page, root, old[index], value);
  const written = page.splices.apply();
  const revised = isEnded || !written.endsWith(eol) ? written : written.slice(0, -eol.length);
  const read = parseYaml(revised, file, { ofOthers });
  if (!read.ok) return read;
  const values = read.value.map((document) => document.value);
  if (!isSameValue(values, old.with(index, value)))
    throw new Bug(`${file} would say something else than what was asked for`);
  return ok({ text: revised, documents: read.value });
}

function revise(page: Page, spot: Spot, old: unknown, wanted: unknown): void {
  if (isSameValue(old, wanted)) return;
  const { node } = spot;
  const alignment = alignmentOf(page, spot, old, wanted);
  if (alignment === undefined || !isWritten(node))
    return fill(page, node, wanted) ? undefined : replace(page, spot, wanted);
  if (!isBlock(node)) return reviseFlow(page, { ...spot, node }, old, alignment, revise);
  if (!reviseBlock(page, { ...spot, node }, old, alignment, revise)) replace(page, spot, wanted);
}

/** How the parts of a value become those of another; none, where it is another one altogether. */
function alignmentOf({ nameOf }: Page, { node, depth, within }: Spot, old: unknown, wanted: unknown) {
  if (!isWritten(node)) return undefined;
  const elements = elementsOf(node);
  if (elements.length === 0) return undefined;
  let alignment: Alignment | undefined;
  if (isList(old) && isList(wanted)) alignment = alignList(old, wanted, nameOf);
  if (isRecord(old) && isRecord(wanted)) alignment = alignMap(elements, wanted);
  // The members of a whole document keep what stands between their items, even if none of these stays.
  const isKept = alignment !== undefined && (alignment.kept.size > 0 || (depth <= 1 && within !== "flow"));
  return isKept ? alignment : undefined;
}

/** Empty brackets with comments between them keep these: what comes stands on lines behind them. */
function fill({ text, spelling, splices }: Page, node: unknown, wanted: unknown): boolean {
  if (!isWritten(node) || node.items.length > 0) return false;
  if (isSeq(node) ? !isList(wanted) : !isRecord(wanted)) return false;
  const [open = 0, end = 0] = node.range ?? [];
  if (!text.slice(open, end).includes("#")) return false;
  const line = lineStart(text, end - 1);
  const indent = " ".repeat(end - 1 - line + spelling.step);
  const parts = isList(wanted)
    ? wanted.map((value) => spellFresh(spelling, undefined, value))
    : Object.entries(isRecord(wanted) ? wanted : {}).map(([key, value]) => spellFresh(spelling, key, value));
  splices.insert(line, parts.map((part) => `${indent}${part}`).join(`,${spelling.eol}`) + spelling.eol);
  return true;
}

/** Writes a value in the place of another one as a whole. */
function replace(page: Page, spot: Spot, wanted: unknown): void {
  const { text, spelling, splices } = page;
  const { node, anchor, column } = spot;
  const start = hasSource(node) ? startOf(node) : anchor;
  // The line break that ends a block scalar ends the line of the next value as well.
  const end = text[spot.end - 1] === "\n" ? spot.end - (text[spot.end - 2] === "\r" ? 2 : 1) : spot.end;
  /** Puts a text where the old one began, or where it would have. */
  const put = (written: string, from = hasSource(node) ? start : anchor) => {
    splices.cut(from, end);
    splices.insert(from, from === anchor && spot.within !== "flow" ? ` ${written}` : written);
  };
  if (spot.within === "flow") {
    const written = spellFlow(spelling, wanted, true, isScalar(node) ? node : undefined);
    return hasSource(node) ? put(written) : put(`${spot.isBare ? ":" : ""} ${written}`);
  }
  const sample: Sample = spot.depth === 1 && !hasItems(node) ? "block" : node;
  const used = start - lineStart(text, start);
  if (isOneLine(spelling, wanted, used, sample))
    return put(spellFlow(spelling, wanted, false, node), isBlock(node) ? anchor : undefined);
  if (isBlock(node) && isSeq(node) === isList(wanted))
    return put(joined(page, blockLines(spelling, wanted, start - lineStart(text, start), sample)).trim());
  splices.cut(hasSource(node) ? anchor : end, end);
  if (spot.within === "list") {
    splices.insert(anchor, ` ${joined(page, blockLines(spelling, wanted, column + 2, sample)).trim()}`);
  } else {
    const lines = blockLines(spelling, wanted, columnUnder(spelling, wanted, column), sample);
    splices.insert(lineEnd(text, spot.end), joined(page, lines));
  }
}

const startOf = (node: unknown): number =>
  isBlock(node) ? (elementsOf(node)[0]?.start ?? 0) : ((node as { range?: [number] }).range?.[0] ?? 0);
const hasItems = (node: unknown): boolean => isWritten(node) && node.items.length > 0;
const joined = ({ spelling }: Page, lines: readonly string[]): string =>
  lines.map((line) => line + spelling.eol).join("");
