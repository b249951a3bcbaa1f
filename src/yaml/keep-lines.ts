/** A line with what ends it: nothing at the end of a file that does so without a line break. */
interface Line {
  readonly text: string;
  readonly end: string;
}

const linesOf = (text: string): Line[] =>
  [...text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)].flatMap(([all, line = "", end = ""]) =>
    all === "" ? [] : [{ text: line, end }],
  );

/** Blanks are the one thing in which a line that nobody changed may come back otherwise. */
const bare = ({ text }: Line): string => text.replace(/\s+/g, "");

/**
 * A text that was written anew, with every line that says the same as before in its old spelling: blanks, empty lines, line
 * ends, a byte order mark, and whether the last line is ended. New lines end as the first one does.
 */
export function keepLines(before: string, after: string): string {
  const [old, fresh] = [linesOf(withoutMark(before)), linesOf(after)];
  const places = placesOf(old.map(bare), fresh.map(bare));
  const { begin, end } = emptyRuns(old);
  const lines: Line[] = [];
  let done = 0;
  /** The old lines from `from` to before `to`, without what is there already. */
  const keep = (from: number, to: number) => {
    for (let place = Math.max(from, done); place < to; place++) lines.push(old[place] as Line);
    done = Math.max(done, to);
  };
  // No writer of YAML keeps all empty lines: those that stood next to one that is kept stay with it.
  keep(0, end[0] ?? 0);
  for (const [i, { text }] of fresh.entries()) {
    const place = places[i];
    if (place === undefined) lines.push({ text, end: "" });
    else if (end[place] !== place) keep(begin[place] ?? place, end[place] ?? place);
    // Empty lines after a line that is gone go with it.
    else keep(places[i - 1] !== undefined && (begin[place] ?? place) <= done ? done : place, place + 1);
  }
  keep(begin[old.length] ?? old.length, old.length);
  return joined(before, lines, old.at(-1)?.end !== "");
}

/** A text that was written anew, with the byte order mark and the line ends of the old one. */
export const keepEnds = (before: string, after: string): string =>
  joined(
    before,
    linesOf(after).map(({ text }) => ({ text, end: "" })),
  );

const mark = "\ufeff";
const withoutMark = (text: string): string => (text.startsWith(mark) ? text.slice(mark.length) : text);

/** The lines as a text with the mark of the old one; a line without an end gets that of its first line. */
function joined(before: string, lines: readonly Line[], isEnded = true): string {
  const usual = linesOf(before)[0]?.end || "\n";
  const text = lines.map((line) => line.text + (line.end || usual)).join("");
  return (before.startsWith(mark) ? mark : "") + (isEnded ? text : text.replace(/(\r\n|\r|\n)$/, ""));
}

/** Where the empty lines right before each place begin, and where those from it on end. */
function emptyRuns(lines: readonly Line[]): { readonly begin: readonly number[]; readonly end: readonly number[] } {
  const isEmpty = lines.map((line) => bare(line) === "");
  const begin = [0];
  for (const [place, empty] of isEmpty.entries()) begin.push(empty ? (begin[place] ?? place) : place + 1);
  const end = Array.from(isEmpty, (_empty, place) => place);
  for (let place = end.length - 1; place >= 0; place--) if (isEmpty[place]) end[place] = end[place + 1] ?? place + 1;
  return { begin, end };
}

/** For each new line, which old one it is: the same ones at both ends, and a longest common row between them. */
function placesOf(old: readonly string[], fresh: readonly string[]): readonly (number | undefined)[] {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, fresh.length) - head;
  while (tail < most && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const same = inCommon(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  return fresh.map((_line, i) => {
    if (i < head) return i;
    if (i >= fresh.length - tail) return i - fresh.length + old.length;
    const place = same.get(i - head);
    return place === undefined ? undefined : place + head;
  });
}

/** So many cells are filled at most (16 MB): what is larger is a file that changed as a whole. */
const mostCells = 4_000_000;

/** A longest common row of lines: place in `b` → place in `a`. */
function inCommon(a: readonly string[], b: readonly string[]): ReadonlyMap<number, number> {
  const width = b.length + 1;
  const found = new Map<number, number>();
  if ((a.length + 1) * width > mostCells) return found;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) found.set(j++, i++);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return found;
}
