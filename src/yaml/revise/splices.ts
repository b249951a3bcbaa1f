/** Changes of a text by offsets of the old one, in any order. */
export interface Splices {
  /** Takes away `from` to before `to`. Cuts may overlap. */
  cut(from: number, to: number): void;
  /** Puts a text before what stands at `at`, behind what was put there earlier; also amid a cut. */
  insert(at: number, text: string): void;
  /** The new text. */
  apply(): string;
}

/** No change of a text yet. */
export function makeSplices(text: string): Splices {
  const cuts: [from: number, to: number][] = [];
  const inserts: { readonly at: number; readonly text: string }[] = [];
  return {
    cut: (from, to) => {
      if (from < to) cuts.push([from, to]);
    },
    insert: (at, piece) => {
      inserts.push({ at, text: piece });
    },
    apply: () => {
      cuts.sort(([a], [b]) => a - b);
      inserts.sort((a, b) => a.at - b.at);
      const pieces: string[] = [];
      let [read, next] = [0, 0];
      /** What is left of the old text up to an offset. */
      const copyTo = (to: number) => {
        while (read < to) {
          const cut = cuts[next];
          if (cut === undefined || cut[0] >= to) {
            pieces.push(text.slice(read, to));
            read = to;
          } else {
            pieces.push(text.slice(read, Math.max(read, cut[0])));
            read = Math.max(read, Math.min(cut[1], to));
            if (cut[1] > to) return;
            next++;
          }
        }
      };
      for (const { at, text: piece } of inserts) {
        copyTo(at);
        pieces.push(piece);
      }
      copyTo(text.length);
      return pieces.join("");
    },
  };
}

/** Where the line begins that holds an offset. */
export const lineStart = (text: string, at: number): number => (at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);

/** Where the line of what ends at `end` is over, its line break included. */
export function lineEnd(text: string, end: number): number {
  if (end > 0 && text[end - 1] === "\n") return end;
  const found = text.indexOf("\n", end);
  return found < 0 ? text.length : found + 1;
}

/** Where the comment lines begin that stand directly above the line that begins at `from`, not above `bound`. */
export function withCommentsAbove(text: string, from: number, bound: number): number {
  let first = from;
  while (first > bound) {
    const above = lineStart(text, first - 1);
    if (above < bound || commentIndent(text.slice(above, first)) === undefined) break;
    first = above;
  }
  return first;
}

/** Where the comment lines end that stand directly under `to`, and further right than `column`. */
export function withCommentsInside(text: string, to: number, column: number): number {
  let last = to;
  while (last < text.length) {
    const next = lineEnd(text, last + 1);
    const indent = commentIndent(text.slice(last, next));
    if (indent === undefined || indent <= column) break;
    last = next;
  }
  return last;
}

const commentIndent = (line: string): number | undefined => /^( *)#/.exec(line)?.[1]?.length;

/** True when the line that ends before `at` is empty. */
export const isBlankAbove = (text: string, at: number): boolean =>
  at > 0 && text.slice(lineStart(text, at - 1), at).trim() === "";

/** Where the empty lines from `at` on end. */
export function blanksEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const next = lineEnd(text, end + 1);
    if (text.slice(end, next).trim() !== "") break;
    end = next;
  }
  return end;
}
