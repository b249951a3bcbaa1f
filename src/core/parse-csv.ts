import { err, ok, type Result } from "./result.ts";

/** A row under a header: its line in the file, and its cells by the header's names. */
interface CsvRow {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** What is wrong with a table, and where. */
export interface CsvProblem {
  readonly line: number;
  readonly message: string;
}

/** More rows, or a longer cell, are no list that a person looked at. */
const limits = { rows: 1_000, columns: 32, cell: 512 };

/**
 * Reads a table with a header row (RFC 4180) as spreadsheets write it: commas, semicolons or tabs, whichever the header has; any
 * line end; a byte order mark; quoted cells. Names of the header are trimmed and in lower case, cells are trimmed, empty lines
 * are left out. By hand, not by a library: the dialect is small, and the errors name the line in our words (decision 0015).
 */
export function parseCsv(text: string): Result<readonly CsvRow[], CsvProblem> {
  const plain = text.replace(/^\uFEFF/, "");
  if (/[\0\uFFFD]/.test(plain)) return err({ line: 1, message: "the text is no UTF-8. Save the table as CSV UTF-8" });
  const records = recordsOf(plain, separatorOf(plain));
  if (!records.ok) return records;
  const [header, ...rest] = records.value.filter(({ cells }) => cells.some((cell) => cell !== ""));
  if (header === undefined) return err({ line: 1, message: "the table is empty. Begin it with a header row" });
  const names = header.cells.map((name) => name.toLowerCase());
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) < i);
  if (twice !== undefined) return err({ line: header.line, message: `the column "${twice}" is there twice` });
  if (rest.length > limits.rows) return err({ line: 1, message: `more than ${limits.rows} rows. Split the table` });
  const wide = rest.find(({ cells }) => cells.length > names.length);
  if (wide !== undefined) return err({ line: wide.line, message: "the row has more cells than the header" });
  return ok(rest.map(({ line, cells }) => ({ line, cells: new Map(names.map((name, i) => [name, cells[i] ?? ""])) })));
}

/** What the header has most of, outside quotes. */
function separatorOf(text: string): string {
  const header = (/^[^\r\n]*/.exec(text.trimStart())?.[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (separator: string) => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Cell after cell: each is quoted, or has no quote at all. */
function recordsOf(text: string, separator: string): Result<readonly CsvRecord[], CsvProblem> {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"[ \\t]*|([^"${separator}\\r\\n]*))(${separator}|\\r\\n|\\n|\\r|$)`, "y");
  const records: CsvRecord[] = [];
  let [line, at, cells]: [number, number, string[]] = [1, 0, []];
  let started = line;
  while (at < text.length || cells.length > 0) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (found === null)
      return err({ line, message: "a quote is open, or stands within a cell. Write two of them for one" });
    const [whole, quoted, bare = "", end = ""] = found;
    const value = (quoted?.replaceAll('""', '"') ?? bare).trim();
    if (value.length > limits.cell) return err({ line, message: `a cell is longer than ${limits.cell} characters` });
    if (cells.push(value) > limits.columns) return err({ line, message: `more than ${limits.columns} columns` });
    at += whole.length;
    line += (whole.match(/\r\n|\n|\r/g) ?? []).length;
    if (end !== separator) {
      records.push({ line: started, cells });
      [cells, started] = [[], line];
    } else if (at >= text.length) {
      records.push({ line: started, cells: [...cells, ""] });
      break;
    }
  }
  return ok(records);
}
