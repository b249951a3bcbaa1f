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
  const mark = before.startsWith("\ufeff") ? "\ufeff" : "";
  const [old, fresh] = [linesOf(before.slice(mark.length)), linesOf(after)];
  const usual = old[0]?.end || "\n";
  const isEnded = old.at(-1)?.end !== "";
  const places = placesOf(old.map(bare), fresh.map(bare));
  const lines = fresh.flatMap((line, i): Line[] => {
    const place = places[i];
    const kept = place === undefined ? undefined : old[place];
    if (place === undefined || kept === undefined) return [{ text: line.text, end: usual }];
    return [...emptyBetween(old, places[i - 1], place), kept];
  });
  const isLast = (i: number) => i === lines.length - 1;
  return mark + lines.map(({ text, end }, i) => text + (isLast(i) ? (isEnded ? usual : "") : end || usual)).join("");
}

/** A text that was written anew, with the byte order mark and the line ends of the old one. */
export function keepEnds(before: string, after: string): string {
  const mark = before.startsWith("\ufeff") ? "\ufeff" : "";
  const usual = linesOf(before)[0]?.end || "\n";
  return (
    mark +
    linesOf(after)
      .map(({ text }) => text + usual)
      .join("")
  );
}

/** Empty lines between two lines that are next to one another now: no writer of YAML keeps them all. */
function emptyBetween(old: readonly Line[], from: number | undefined, to: number): readonly Line[] {
  const between = from === undefined ? [] : old.slice(from + 1, to);
  return between.every((line) => bare(line) === "") ? between : [];
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
