import fc from "fast-check";
import { Document, isScalar, Scalar } from "yaml";

/** How a text is written where YAML leaves it open. */
export interface RandomStyle {
  readonly seed: number;
  readonly eol: "\n" | "\r\n";
  readonly indent: 2 | 4;
  /** Lists under the first letter of their key. */
  readonly flat: boolean;
  /** One in so many places has a comment, is an empty line, is in braces; 0: none. */
  readonly comments: number;
  readonly blanks: number;
  readonly flow: number;
  readonly isEnded: boolean;
}

type Draw = (most: number) => number;
const drawing = (seed: number): Draw => {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
};

/** A value as somebody might have written it, with comments in all places that have room for one. */
export function writeRandomly(value: unknown, style: RandomStyle): string {
  const lines = new Writer(style).block(value, 0);
  const text = lines.join(style.eol);
  return style.isEnded ? text + style.eol : text;
}

class Writer {
  readonly #style: RandomStyle;
  readonly #draw: Draw;
  #comments = 0;

  constructor(style: RandomStyle) {
    this.#style = style;
    this.#draw = drawing(style.seed);
  }

  #one(inSoMany: number): boolean {
    return inSoMany > 0 && this.#draw(inSoMany) === 0;
  }

  #comment(): string {
    this.#comments += 1;
    return `# note ${this.#comments}`;
  }

  #tail(): string {
    return this.#one(this.#style.comments) ? ` ${this.#comment()}` : "";
  }

  /** What may stand above an item. */
  #above(column: number): string[] {
    const lines: string[] = [];
    if (this.#one(this.#style.blanks)) lines.push("");
    if (this.#one(this.#style.comments)) lines.push(" ".repeat(this.#one(3) ? 0 : column) + this.#comment());
    if (this.#one(this.#style.comments) && this.#one(3)) lines.push("", " ".repeat(column) + this.#comment());
    return lines;
  }

  block(value: unknown, column: number): string[] {
    const pad = " ".repeat(column);
    if (Array.isArray(value))
      return value.flatMap((item: unknown) => {
        const above = this.#above(column);
        const gap = this.#style.indent === 4 && this.#one(3) ? "   " : " ";
        const literal = this.#literal(item, column);
        if (literal !== undefined) return [...above, `${pad}- ${literal}`];
        const [first = "", ...rest] = this.#isBlock(item)
          ? this.block(item, column + 1 + gap.length)
          : [this.#inline(item, column) + this.#tail()];
        // What stands above the first item cannot stand behind the dash.
        const lines = [first, ...rest];
        const at = lines.findIndex((line) => line.trim() !== "" && !line.trim().startsWith("#"));
        const head = `${pad}-${gap}${(lines[at] ?? "").trimStart()}`;
        return [...above, ...lines.slice(0, at), head, ...lines.slice(at + 1)];
      });
    return Object.entries(value as object).flatMap(([key, item]: [string, unknown]) => {
      const above = column === 0 && key === "kind" ? [] : this.#above(column);
      const head = `${pad}${scalar(key, true)}:`;
      const literal = this.#literal(item, column);
      if (literal !== undefined) return [...above, `${head} ${literal}`];
      if (!this.#isBlock(item)) return [...above, `${head} ${this.#inline(item, column)}${this.#tail()}`];
      const under = column + (Array.isArray(item) && this.#style.flat ? 0 : this.#style.indent);
      return [...above, head + this.#tail(), ...this.block(item, under)];
    });
  }

  /** Some texts of several lines, as lines. */
  #literal(value: unknown, column: number): string | undefined {
    if (typeof value !== "string" || !/^[^\s][^\r\t\u0085\u2028\u2029]*\n/.test(value) || value.endsWith("\n\n"))
      return;
    if (!this.#one(2)) return undefined;
    const pad = " ".repeat(column + this.#style.indent);
    const lines = value.replace(/\n$/, "").split("\n");
    const header = `${value.endsWith("\n") ? "|" : "|-"}${this.#tail()}`;
    return [header, ...lines.map((line) => (line === "" ? "" : pad + line))].join(this.#style.eol);
  }

  #isBlock(value: unknown): boolean {
    const isEmpty = typeof value !== "object" || value === null || Object.keys(value).length === 0;
    return !isEmpty && !this.#one(this.#style.flow);
  }

  #inline(value: unknown, column: number): string {
    const isScalarValue = typeof value !== "object" || value === null;
    return isScalarValue ? scalar(value, false, this.#draw(6)) : this.#flow(value, column + this.#style.indent);
  }

  /** Braces on one line, or over several with comments between. */
  #flow(value: unknown, column: number): string {
    if (typeof value !== "object" || value === null) return scalar(value, true, this.#draw(6));
    const isArray = Array.isArray(value);
    const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
    const parts = Object.entries(value).map(
      ([key, item]) => (isArray ? "" : `${scalar(key, true)}: `) + this.#flow(item, column + this.#style.indent),
    );
    if (parts.length === 0) return open + close;
    const blank = this.#one(2) ? " " : "";
    const comma = this.#one(5) ? "," : "";
    if (!this.#one(6)) return open + blank + parts.join(", ") + comma + blank + close;
    const pad = " ".repeat(column);
    const lines = parts.map((part, i) => {
      const above = this.#one(this.#style.comments) ? `${pad}${this.#comment()}${this.#style.eol}` : "";
      return `${above}${pad}${part}${i < parts.length - 1 ? "," : comma}${this.#tail()}`;
    });
    return [open, ...lines, " ".repeat(Math.max(1, column - this.#style.indent)) + close].join(this.#style.eol);
  }
}

function scalar(value: unknown, inFlow: boolean, quotes = 0): string {
  const document = new Document([value]);
  const list = document.contents as unknown as { flow: boolean; items: unknown[] };
  list.flow = inFlow;
  const [node] = list.items;
  if (isScalar(node) && typeof value === "string" && quotes < 2)
    node.type = quotes === 0 ? Scalar.QUOTE_DOUBLE : Scalar.QUOTE_SINGLE;
  if (isScalar(node) && typeof value === "string" && /[^\S ]/.test(value)) node.type = Scalar.QUOTE_DOUBLE;
  const text = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return inFlow ? text.slice(1, text.lastIndexOf("]")) : text.slice(2, -1);
}

/** Any hand. */
export const randomStyle: fc.Arbitrary<RandomStyle> = fc.record({
  seed: fc.integer(),
  eol: fc.constantFrom("\n", "\r\n"),
  indent: fc.constantFrom(2, 4),
  flat: fc.boolean(),
  comments: fc.constantFrom(0, 2, 5),
  blanks: fc.constantFrom(0, 3),
  flow: fc.constantFrom(0, 2, 4),
  isEnded: fc.boolean(),
});
