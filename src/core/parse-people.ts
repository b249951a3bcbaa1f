import { type CsvProblem, parseCsv } from "./parse-csv.ts";
import { err, ok, type Result } from "./result.ts";

/** A person of a table, with the line of the file. */
export interface PersonRow {
  readonly line: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** What the columns may be called: as the API calls them, as people do, and in German. */
const columns = {
  email: ["email", "e-mail", "mail", "address", "e-mail-adresse", "adresse"],
  firstName: ["first_name", "first name", "firstname", "vorname"],
  lastName: ["last_name", "last name", "lastname", "nachname"],
} as const;

/** Reads a table of people, with a header row: address, first name and last name, and no other column. */
export function parsePeople(text: string): Result<readonly PersonRow[], CsvProblem> {
  const parsed = parseCsv(text);
  if (!parsed.ok) return parsed;
  const [first] = parsed.value;
  const known: readonly string[] = Object.values(columns).flat();
  const odd = [...(first?.cells.keys() ?? [])].find((name) => !known.includes(name));
  const missing = Object.values(columns).find((names) => first && !names.some((name) => first.cells.has(name)));
  const fix = "Name the columns email, first_name and last_name";
  if (missing !== undefined) return err({ line: 1, message: `there is no column "${missing[0]}". ${fix}` });
  if (odd !== undefined) return err({ line: 1, message: `the column "${odd}" is not known. ${fix}` });
  return ok(
    parsed.value.map(({ line, cells }) => {
      const cell = (names: readonly string[]) =>
        names.map((name) => cells.get(name)).find((found) => found !== undefined) ?? "";
      const { email, firstName, lastName } = columns;
      return { line, email: cell(email), firstName: cell(firstName), lastName: cell(lastName) };
    }),
  );
}
