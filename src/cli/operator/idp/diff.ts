/** Lines before and after a place that changed. */
const context = 2;

/** Longest texts that are compared line by line; of longer ones only what differs between beginning and end is shown. */
const mostCells = 4_000_000;

type Line = readonly [mark: " " | "-" | "+", text: string];

/** What changes between two texts, as `diff -u` shows it, without its numbers. */
export function formatDiff(before: string, after: string): string[] {
  const lines = compare(before.split("\n"), after.split("\n"));
  const near = (at: number) => lines.slice(Math.max(0, at - context), at + context + 1).some(([mark]) => mark !== " ");
  const said: string[] = [];
  let gap = false;
  for (const [n, [mark, text]] of lines.entries()) {
    if (!near(n)) {
      gap = said.length > 0;
      continue;
    }
    if (gap) said.push("  …");
    gap = false;
    said.push(`${mark} ${text}`);
  }
  return said;
}

function compare(a: readonly string[], b: readonly string[]): Line[] {
  let [head, tail] = [0, 0];
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const kept = (lines: readonly string[]): Line[] => lines.map((text) => [" ", text]);
  const [from, to] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  return [...kept(a.slice(0, head)), ...middle(from, to), ...kept(tail === 0 ? [] : a.slice(-tail))];
}

/** The longest common subsequence, by the table of its lengths. */
function middle(a: readonly string[], b: readonly string[]): Line[] {
  const gone = (text: string): Line => ["-", text];
  const come = (text: string): Line => ["+", text];
  if (a.length * b.length > mostCells) return [...a.map(gone), ...b.map(come)];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push([" ", a[i] ?? ""]);
      [i, j] = [i + 1, j + 1];
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push(gone(a[i++] ?? ""));
    else lines.push(come(b[j++] ?? ""));
  }
  return lines;
}
