import { formatScope, instant, isoTime } from "../../../core/index.ts";
import { plain } from "../../failure.ts";
import { displayWidth, fold, screenOf } from "../../screen.ts";
import { formatDuration, type Terminal } from "../../terminal.ts";
import type { Login } from "../session/kept-login.ts";
import { endOfLogin, type ListedTarget, type TargetList } from "../session/targets.ts";
import { formatColumns } from "../tenant/columns.ts";

/** So many lines of rights are shown; `cloudpass status` shows them all. */
const most = 12;

/**
 * What a person has after a login: until when, and which rights where. `list` is absent where the broker did not tell;
 * `skew`: how far its clock is ahead of this machine's, in seconds.
 */
export function formatLoggedIn(login: Login, list: TargetList | undefined, skew: number, terminal: Terminal): string[] {
  const ends = endOfLogin(list, login, skew);
  const left = ends === undefined ? undefined : formatDuration(ends - terminal.clock.now());
  return [
    ...(ends === undefined ? [] : [`Valid until ${isoTime(instant(ends))}, for ${left}.`]),
    ...(list === undefined ? [] : formatTable(list, screenOf(terminal).columns)),
  ];
}

function formatTable({ targets, withheld = [] }: TargetList, columns: number): string[] {
  const rows = targets.flatMap(rowsOf);
  const table = formatColumns(["TARGET", "KIND", "RIGHT"], rows.slice(0, most));
  const isWide = table.some((line) => displayWidth(line) > columns);
  const more = rows.length - most;
  const rights =
    rows.length === 0 ? ["No right on any target with this login."] : isWide ? narrow(rows, columns) : table;
  return [
    "",
    ...rights,
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...(withheld.length > 0 ? [`Not with this login: ${withheld.length} more`] : []),
    "",
  ];
}

const rowsOf = (target: ListedTarget): string[][] =>
  target.entitlements.map(({ role, scope }, i) => [
    i === 0 ? target.name : "",
    i === 0 ? (target.kind === "openstack" ? "cloud" : "cluster") : "",
    `${role} on ${formatScope(scope)}`,
  ]);

/** On a terminal that is too narrow for the table each right stands below its target. */
const narrow = (rows: readonly string[][], columns: number): string[] =>
  rows
    .slice(0, most)
    .flatMap(([name = "", kind = "", right = ""]) => [
      ...(name === "" ? [] : [plain(`${name} (${kind})`)]),
      ...fold(plain(right), Math.max(20, columns - 4)).map((line) => `    ${line}`),
    ]);
