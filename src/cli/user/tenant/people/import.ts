import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { parsePeople } from "../../../../core/index.ts";
import { CommandFailure, plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import type { Session } from "../../session/session.ts";
import { type ChangeOptions, confirm } from "../change.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, pathTo, type ReachedTenant } from "../console-api.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";

const rowsSchema = z.object({
  rows: z.array(z.object({ email: z.string(), outcome: z.string(), detail: z.string().optional() })),
});

/** A person of the file, with the line. */
interface Entry {
  readonly line: number;
  /** As the file has it. */
  readonly email: string;
  readonly json: { readonly email: string; readonly first_name: string; readonly last_name: string };
}

type Reported = z.infer<typeof rowsSchema>["rows"][number] & { readonly line: number };

/** A larger file is no list of people. */
const mostBytes = 1_000_000;
/** So many go in one call. */
const inOneCall = 100;
/** Characters that the API takes of an address; a call that holds a longer one is refused whole. */
const longestAddress = 254;

/** `cloudpass tenant people import` */
export function addImport(people: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(people.command("import"))
    .description("invite everybody in a CSV file by mail: first each row is judged, then each is invited")
    .argument("<file>", "a table with the columns email, first_name and last_name, up to 1000 rows")
    .option("--dry-run", "judge the rows, and invite nobody")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Commas, semicolons or tabs; UTF-8, as spreadsheets save it. Nobody is invited while any row is wrong. The same file again
invites nobody twice, and carries on where it ended.

Examples:
  cloudpass tenant people import people.csv --dry-run
  cloudpass tenant people import people.csv --yes`,
    )
    .action(async (file: string, options: ChangeOptions & { readonly dryRun?: boolean }) => {
      const entries = await readPeople(file);
      const { session, tenant } = await openTenant(options, terminal);
      const judged = await send(session, tenant, entries, "dry run");
      const isWrong = judged.some(({ outcome }) => outcome === "wrong");
      const left = entries.filter((_, i) => judged[i]?.outcome === "new");
      if (options.dryRun === true || isWrong || left.length === 0) {
        report(terminal, options, tenant, judged);
        return finish(isWrong ? 1 : 0);
      }
      notify(terminal, ...table(judged));
      const question = `Invite ${left.length} of them to ${tenant.tenant}? Only “yes” invites them: `;
      await confirm(terminal, options.yes === true, { question, undone: "nobody was invited" });
      const done = await send(session, tenant, left, "do it");
      const all = judged.map((row) => done.find(({ line }) => line === row.line) ?? row);
      report(terminal, options, tenant, all);
      finish(all.some(({ outcome }) => outcome === "not yet" || outcome === "wrong") ? 3 : 0);
    });
}

async function readPeople(file: string): Promise<readonly Entry[]> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) throw new CommandFailure(`${plain(file)} cannot be read`, { fix: "check the path" });
  if (bytes.length > mostBytes)
    throw new CommandFailure(`${plain(file)} is larger than a list of people`, { fix: "split it" });
  const parsed = parsePeople(bytes.toString("utf8"));
  if (!parsed.ok) {
    const [message = "", fix] = parsed.refusal.message.split(". ");
    throw new CommandFailure(`${plain(file)}:${parsed.refusal.line}: ${plain(message)}`, {
      ...(fix !== undefined && { fix: plain(fix) }),
    });
  }
  if (parsed.value.length === 0)
    throw new CommandFailure(`${plain(file)} names nobody`, { fix: "add a row for each person" });
  return parsed.value.map(({ line, email, firstName, lastName }) => ({
    line,
    email,
    json: {
      // Too long, it is sent as none, and not cut: the beginning of an address may be another one.
      email: email.length > longestAddress ? "" : email,
      first_name: firstName,
      last_name: lastName,
    },
  }));
}

/** Sends the people, a hundred at a time; after a row that is not its turn yet the same again, once. */
async function send(
  session: Session,
  tenant: ReachedTenant,
  entries: readonly Entry[],
  how: "dry run" | "do it",
): Promise<readonly Reported[]> {
  const path = `${pathTo(tenant, "members", "import")}${how === "dry run" ? "?dry_run=true" : ""}`;
  const reported: Reported[] = [];
  for (let at = 0; at < entries.length; ) {
    const some = entries.slice(at, at + inOneCall);
    const json = { people: some.map((entry) => entry.json) };
    const { value } = await askConsole(session, { method: "POST", path, json, answer: rowsSchema });
    const waiting = value.rows.findIndex(({ outcome }) => outcome === "not yet");
    // One that got nowhere would get nowhere again.
    const isStuck = waiting === 0;
    const done = waiting === -1 || isStuck ? value.rows : value.rows.slice(0, waiting);
    reported.push(
      ...done.map((row, i) => ({ ...row, line: some[i]?.line ?? 0, email: row.email || (some[i]?.email ?? "") })),
    );
    at += done.length;
    if (isStuck) {
      const rest = entries.slice(at).map(({ line, email }) => ({ line, email, outcome: "not yet" }));
      return [...reported, ...rest];
    }
  }
  return reported;
}

const table = (rows: readonly Reported[]): readonly string[] =>
  formatColumns(
    ["LINE", "ADDRESS", "OUTCOME", ""],
    rows.map(({ line, email, outcome, detail }) => [String(line), email, outcome, detail ?? ""]),
  );

function report(
  terminal: Terminal,
  { output }: ChangeOptions,
  { tenant }: ReachedTenant,
  rows: readonly Reported[],
): void {
  if (output === "json") show(terminal, JSON.stringify({ tenant, rows }, undefined, 2));
  else show(terminal, ...table(rows));
}
