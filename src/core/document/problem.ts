/** One thing wrong in a file a person wrote: where, what, and how to mend it. One per cause. */
export interface Problem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Where in the document, as `tenants.customer-a.domains`. Empty for the whole document. */
  readonly path: string;
  readonly says: string;
  /** What to do. */
  readonly fix?: string;
  /** The line of the file, for people. */
  readonly excerpt?: string;
}

/** A longer line helps nobody, and would be repeated in each of many problems. */
const longestExcerpt = 300;

/** The line that a problem shows; none, where its place is beyond what is shown. */
export function excerptAt(
  lines: readonly string[],
  { line, column }: Pick<Problem, "line" | "column">,
): string | undefined {
  const written = (lines[line - 1] ?? "").trimEnd();
  if (written.length <= longestExcerpt) return written;
  return column <= longestExcerpt ? `${written.slice(0, longestExcerpt)}…` : undefined;
}

/** A problem as a terminal shows it: position, text, source line with a caret, remedy. */
export function sayProblem(p: Problem): string {
  const lines = [`${p.file}:${p.line}:${p.column}: ${p.path === "" ? "" : `${p.path}: `}${p.says}`];
  if (p.excerpt !== undefined) lines.push(`    ${p.excerpt}`, `    ${" ".repeat(Math.max(0, p.column - 1))}^`);
  if (p.fix !== undefined) lines.push(`    fix: ${p.fix}`);
  return lines.join("\n");
}
