import { plain } from "../../failure.ts";
import { displayWidth } from "../../screen.ts";

/** Rows below a head, column under column; a cell is text of others. */
export function formatColumns(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const table = [head, ...rows].map((row) => row.map(plain));
  const widths = head.map((_, column) => Math.max(...table.map((row) => displayWidth(row[column] ?? ""))));
  const padded = (cell: string, column: number) => cell + " ".repeat((widths[column] ?? 0) - displayWidth(cell));
  return table.map((row) => row.map(padded).join("  ").trimEnd());
}
