import { Document, isMap, isScalar, isSeq, type Node, Scalar } from "yaml";
import { visible } from "../../core/index.ts";

/** How a file writes what YAML leaves open. */
export interface Spelling {
  /** Its line break. */
  readonly eol: string;
  /** Blanks within braces, within brackets. */
  readonly braces: boolean;
  readonly brackets: boolean;
  /** So far are items of a map further right than it. */
  readonly step: number;
  /** False when dashes stand under the first letter of the key. */
  readonly indentsLists: boolean;
  /**
   * The file is others', too. Some read YAML 1.1, and take `no`, `1e3`, `12:30` and `=` for something else than texts. And what comes
   * brings no empty lines, so that the file is what it was when it goes again.
   */
  readonly ofOthers: boolean;
}

/** What an item is to look like: like another one, or with each item on its own line. */
export type Sample = unknown | "block";

/** What is wider becomes several lines; beside neighbours on one line it may be wider than alone. */
const [widest, widestBesideOthers] = [110, 240];

/** How a text is written. */
export function spellingOf(text: string, ofOthers = false): Spelling {
  return {
    ofOthers,
    eol: /\r?\n/.exec(text)?.[0] ?? "\n",
    braces: /\{ +[^\s}]/.test(text) || !/\{[^\s}]/.test(text),
    brackets: /\[ +[^\s\]]/.test(text) && !/\[[^\s\]]/.test(text),
    step: /^( *)[^\s#-][^\n]*:[ \t]*\r?\n\1( +)\S/m.exec(text)?.[2]?.length ?? 2,
    indentsLists: !/^( *)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text),
  };
}

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !isList(value);
const isEmpty = (value: unknown): boolean =>
  isList(value) ? value.length === 0 : !isRecord(value) || Object.keys(value).length === 0;

/** A value on one line. `like`: a scalar in whose quotes it stands, if it has some. */
export function spellFlow(spelling: Spelling, value: unknown, inFlow = true, like?: unknown): string {
  if (isList(value))
    return enclosed(
      "[",
      value.map((item) => spellFlow(spelling, item)),
      "]",
      spelling.brackets,
    );
  if (!isRecord(value)) return spellScalar(spelling, value, inFlow, like);
  const pairs = Object.entries(value).map(([key, each]) => `${spellKey(spelling, key)}: ${spellFlow(spelling, each)}`);
  return enclosed("{", pairs, "}", spelling.braces);
}

function enclosed(open: string, parts: readonly string[], close: string, isPadded: boolean): string {
  const blank = isPadded && parts.length > 0 ? " " : "";
  return open + blank + parts.join(", ") + blank + close;
}

const spellKey = (spelling: Spelling, key: string): string => spellScalar(spelling, key, true);

function spellScalar({ ofOthers }: Spelling, value: unknown, inFlow: boolean, like?: unknown): string {
  const document = new Document([value]);
  const [list] = [document.contents as unknown as { flow: boolean; items: unknown[] }];
  list.flow = inFlow;
  const scalar = list.items[0];
  if (isScalar(scalar) && typeof value === "string") {
    const quotes = isScalar(like) && typeof like.value === "string" ? like.type : undefined;
    if (quotes === Scalar.QUOTE_DOUBLE || quotes === Scalar.QUOTE_SINGLE) scalar.type = quotes;
    // The one form that has escapes, and needs one line only.
    if (/\s/.test(value.replaceAll(" ", "")) || visible(value) !== value) scalar.type = Scalar.QUOTE_DOUBLE;
    if (ofOthers && scalar.type === undefined && isOtherwiseInYaml11(value)) scalar.type = Scalar.QUOTE_DOUBLE;
  }
  const written = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return visible(inFlow ? written.slice(1, written.lastIndexOf("]")) : written.slice(2, -1));
}

/** YAML 1.1 has more words for true and false, more forms of numbers, moments, `=` and `<<`. */
const isOtherwiseInYaml11 = (value: string): boolean =>
  ["=", "<<"].includes(value) || /^["']/.test(new Document(value, { version: "1.1" }).toString({ lineWidth: 0 }));

/** True for what stands on one line behind `used` characters: as the sample does, or because it fits. */
export function isOneLine(spelling: Spelling, value: unknown, used: number, sample: Sample): boolean {
  if (isEmpty(value)) return true;
  if (sample === "block") return false;
  const isLike = (isMap(sample) && isRecord(value)) || (isSeq(sample) && isList(value));
  if (isLike && sample.flow !== true && sample.items.length > 0) return false;
  return used + spellFlow(spelling, value).length <= (isLike ? widestBesideOthers : widest);
}

/** The lines of a map or list, of which the first stands at `column`. */
export function blockLines(spelling: Spelling, value: unknown, column: number, sample: Sample): string[] {
  const pad = " ".repeat(column);
  if (isList(value))
    return value.flatMap((item, i) => itemLines(spelling, `${pad}-`, item, column, sampleIn(sample, i)));
  return isRecord(value)
    ? Object.entries(value).flatMap(([key, each]) =>
        pairLines(spelling, `${pad}${spellKey(spelling, key)}:`, each, column, sampleIn(sample, key)),
      )
    : [`${pad}${spellScalar(spelling, value, false)}`];
}

/** The lines of a pair of a block map; `head` is its key with the colon, at `column`. */
export function pairLines(spelling: Spelling, head: string, value: unknown, column: number, sample: Sample): string[] {
  if (isOneLine(spelling, value, head.length, sample)) return [`${head} ${spellFlow(spelling, value, false)}`];
  return [head, ...blockLines(spelling, value, columnUnder(spelling, value, column), sample)];
}

/** Where what stands under a key at `column` begins. */
export const columnUnder = ({ indentsLists, step }: Spelling, value: unknown, column: number): number =>
  isList(value) && !indentsLists ? column : column + step;

/** The lines of an item of a block list; `head` ends with its dash, at `column`. */
export function itemLines(
  spelling: Spelling,
  head: string,
  value: unknown,
  column: number,
  sample: Sample,
  gap = " ",
): string[] {
  if (isOneLine(spelling, value, head.length, sample)) return [`${head}${gap}${spellFlow(spelling, value, false)}`];
  const [first = "", ...rest] = blockLines(spelling, value, column + 1 + gap.length, sample);
  return [`${head}${gap}${first.trimStart()}`, ...rest];
}

/** What a member of a value is to look like, by the one it is to look like. */
function sampleIn(sample: Sample, part: string | number): Sample {
  if (isMap(sample) && typeof part === "string") return sample.get(part, true);
  if (isSeq(sample)) return (sample.items as Node[])[Number(part)] ?? sample.items.at(-1);
  return undefined;
}

/** A key at `column`, with its colon. */
export const headOf = (spelling: Spelling, key: string, column: number): string =>
  `${" ".repeat(column)}${spellKey(spelling, key)}:`;
/** A pair of a flow map, or an item of a flow list. */
export const spellFresh = (spelling: Spelling, key: string | undefined, value: unknown): string =>
  key === undefined ? spellFlow(spelling, value) : `${spellKey(spelling, key)}: ${spellFlow(spelling, value)}`;
