import type { Holdings } from "../../operations/index.ts";
import type { Proof } from "../../targets/index.ts";
import { exitCodes, plain } from "../failure.ts";
import { notify, show, type Terminal } from "../terminal.ts";

/** What was found as lines, a place after the other. */
export function formatHoldings({ holdings, silent }: Holdings): string[] {
  const places = [...Map.groupBy(holdings, (h) => h.where)].flatMap(([where, all]) => [
    `  ${plain(where)}:`,
    ...all.map((h) => `    ${plain(h.what)}: ${h.ended ? `${h.becomes} already` : `to be ${h.becomes}`}`),
  ]);
  return [...places, ...silent.map((s) => `  ${plain(s.where)}: NOT READ: ${plain(s.because)}`)];
}

/** What was found, for a program. */
export const holdingsAsJson = ({ holdings, silent }: Holdings) => ({
  elsewhere: holdings.map(({ where, what, becomes, ended }) => ({ where, what, becomes, ended })),
  unread: silent,
});

/** Prints the proofs, or leaves that to the JSON; answers the exit code. */
export function showProofs(terminal: Terminal, proofs: readonly Proof[], { silent }: Holdings, quiet: boolean): number {
  const missing = proofs.filter((p) => p.outcome === "still there" || p.outcome === "no answer");
  if (!quiet) show(terminal, ...proofs.map(formatProof));
  for (const { where, because } of silent) notify(terminal, `${plain(where)} was not read: ${plain(because)}`);
  if (missing.length === 0 && silent.length === 0) {
    notify(terminal, "Everything was read back as ended.");
    return exitCodes.ok;
  }
  notify(terminal, "Not everything is ended.", "  → run the same command again: it carries on");
  const unanswered = silent.length > 0 || missing.some((p) => p.outcome === "no answer");
  return unanswered ? exitCodes.unreachable : exitCodes.error;
}

const formatProof = ({ where, what, becomes, outcome, because }: Proof): string =>
  plain(
    outcome === "ended" || outcome === "was ended"
      ? `ok    ${where}: ${what}: ${outcome === "ended" ? "" : "was "}${becomes}`
      : `FAIL  ${where}: ${what}: ${outcome}${because === undefined ? "" : ` (${because})`}`,
  );
