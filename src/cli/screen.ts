import { visible } from "../core/index.ts";
import type { Terminal } from "./terminal.ts";

/** How much a terminal shows at once. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** The size of the terminal that the person reads; what is no terminal, or does not say, is as large as needed or usual. */
export function screenOf({ stderr }: Pick<Terminal, "stderr">): Screen {
  if (stderr.isTTY !== true) return { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };
  return { columns: stderr.columns || 80, rows: stderr.rows || 24 }; // a serial line or a pty nobody set says 0
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

// Unicode's East Asian Width "wide" and "full-width", and what is drawn as a picture.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const noWidth = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const cellsOf = (grapheme: string): number => (noWidth.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1);

/** The columns that a text takes on a terminal: wide letters take two, combining ones none. */
export const displayWidth = (text: string): number =>
  [...graphemes.segment(text)].reduce((width, { segment }) => width + cellsOf(segment), 0);

/** The beginning of a text that is no wider than this. */
export function cutToWidth(text: string, columns: number): string {
  let width = 0;
  let cut = "";
  for (const { segment } of graphemes.segment(text)) {
    width += cellsOf(segment);
    if (width > columns) return cut;
    cut += segment;
  }
  return cut;
}

/** A sentence as lines no wider than this, broken at blanks; a word that is wider stays whole, to be copied. */
export function fold(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(`${last} ${word}`) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The same behind a label; the lines after the first stand below its text. */
export function foldBehind(label: string, text: string, columns: number): string[] {
  const indent = displayWidth(label);
  const lines = fold(text, Math.max(20, columns - indent));
  return lines.map((line, i) => (i === 0 ? label : " ".repeat(indent)) + line);
}

/** The rows that lines take, when the terminal breaks those that are too wide. */
export const rowsOf = (lines: readonly string[], columns: number): number =>
  lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);

/** A line that is written again and again in its place. */
interface LineInPlace {
  draw(): void;
  /** Takes it away, so that other lines can come. */
  erase(): void;
  stop(): void;
}

/**
 * Keeps one line up to date on a terminal, also when its size changes. It is cut to the width: of a line that the terminal
 * breaks only the last row could be taken back, and each second would leave another one.
 */
export function lineInPlace({ stderr }: Pick<Terminal, "stderr">, line: () => string): LineInPlace {
  const erase = () => void stderr.write("\r\u001b[K");
  const draw = () => {
    // One column stays free: many terminals move on to the next row when the last one is filled.
    const text = cutToWidth(visible(line()), screenOf({ stderr }).columns - 1);
    stderr.write(`\r\u001b[K${text}`);
  };
  stderr.on("resize", draw);
  draw();
  return {
    draw,
    erase,
    stop: () => {
      stderr.off("resize", draw);
      erase();
    },
  };
}
