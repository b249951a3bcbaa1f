import { visible } from "../core/index.ts";
import type { Terminal } from "./terminal.ts";

const colourOf = { ok: 32, warn: 33, fail: 31 } as const;

/** True when what is shown is read on a terminal that has colours, by somebody who did not ask for none (no-color.org). */
const hasColours = ({ stdout, env }: Terminal): boolean =>
  (stdout as { readonly isTTY?: boolean }).isTTY === true && env["TERM"] !== "dumb" && !env["NO_COLOR"];

/** Shows a report's lines: the level at the beginning of a finding has its colour, where there are any. */
export function showPainted(terminal: Terminal, lines: readonly string[]): void {
  const paints = hasColours(terminal);
  for (const line of lines) {
    // Made visible before: no sign of others is taken for one of ours.
    const shown = visible(line);
    const painted = shown.replace(/^( {2})(ok|warn|fail)( )/, (whole, before, level: keyof typeof colourOf, after) =>
      paints ? `${before}\u001b[${colourOf[level]}m${level}\u001b[0m${after}` : whole,
    );
    terminal.stdout.write(`${painted}\n`);
  }
}
