/** One thing wrong in a file a person wrote: where, what, and how to mend it. One per cause. */
export interface Problem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Where in the document, as `tenants.customer-a.domains`. Empty for the whole document. */
  readonly path: string;
  readonly message: string;
  /** What to do. */
  readonly fix?: string;
  /** The line of the file, for people. */
  readonly excerpt?: string;
}

/** A longer line helps nobody, and would be repeated in each of many problems. */
const longestExcerpt = 300;

/** A name under which people write a secret, and what stands there instead of a reference to one. */
const secretThere =
  /((?:secret|password|passwd|passphrase|private[._-]?key|api[._-]?key|credential|masterkey)["']?[ \t]{0,9}:[ \t]{0,9})(?![ \t{]|$).+$/i;
/** A line of a key in PEM or base64. */
const keyLine = /^[ \t"']{0,40}(?:-----BEGIN [A-Z ]{0,40}-----|[A-Za-z0-9+/_=-]{60,})/;

/**
 * A line as a problem may show it. Of a file that cannot be read nobody knows what is a secret: whatever looks like one
 * written out, against all advice, must not travel into logs with the mistake beside it (S-81).
 */
const withoutSecrets = (line: string): string =>
  keyLine.test(line) ? "[not shown]" : line.replace(secretThere, "$1[not shown]");

/** The line that a problem shows; none, where its place is beyond what is shown. */
export function excerptAt(
  lines: readonly string[],
  { line, column }: Pick<Problem, "line" | "column">,
): string | undefined {
  const written = withoutSecrets((lines[line - 1] ?? "").trimEnd());
  if (written.length <= longestExcerpt) return written;
  return column <= longestExcerpt ? `${written.slice(0, longestExcerpt)}…` : undefined;
}

/** A problem as a terminal shows it: position, text, source line with a caret, remedy. */
export function formatProblem(p: Problem): string {
  const lines = [`${p.file}:${p.line}:${p.column}: ${p.path === "" ? "" : `${p.path}: `}${p.message}`];
  if (p.excerpt !== undefined) lines.push(`    ${p.excerpt}`, `    ${" ".repeat(Math.max(0, p.column - 1))}^`);
  if (p.fix !== undefined) lines.push(`    fix: ${p.fix}`);
  return lines.join("\n");
}
