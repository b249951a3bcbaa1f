import type { Finding } from "../../core/index.ts";
import { plain } from "../failure.ts";
import { foldBehind } from "../screen.ts";

/**
 * A report as lines: what is good shortly, what is not with its remedy. What nobody can tell from outside is one line, unless
 * `whole` is wished for: it would hide what was found. No line but a remedy is wider than `columns`.
 */
export function formatReport(
  { about, findings: all }: { readonly about: string; readonly findings: readonly Finding[] },
  { columns, whole = false }: { readonly columns: number; readonly whole?: boolean },
): string[] {
  const findings = whole ? all : folded(all);
  const count = (level: Finding["level"]) => findings.filter((it) => it.level === level).length;
  return [
    plain(about),
    ...findings.flatMap((finding, i) => formatFinding(finding, findings[i + 1]?.remedy !== finding.remedy, columns)),
    `${count("ok")} ok, ${count("warn")} to think about, ${count("fail")} wrong`,
  ];
}

/** What is undecided, as one warning in the place of the first. */
function folded(findings: readonly Finding[]): readonly Finding[] {
  const open = findings.filter((finding) => finding.undecided === true);
  const [first] = open;
  if (first === undefined || open.length === 1) return findings;
  const all: Finding = {
    level: "warn",
    about: "advisories",
    message: `${open.length} cannot be told from outside: ${open.map((finding) => finding.about).join(", ")}`,
    remedy: "see what each asks for by the same command with --all",
  };
  return findings.flatMap((finding) => (finding === first ? [all] : finding.undecided === true ? [] : [finding]));
}

// One remedy for several findings in a row stands below the last of them, in one piece: it may be a command to copy.
const formatFinding = ({ level, about, message, remedy }: Finding, last: boolean, columns: number): string[] => [
  ...foldBehind(`  ${level.padEnd(4)}  `, `${plain(about)}: ${plain(message)}`, columns),
  ...(remedy === undefined || !last ? [] : [`        → ${plain(remedy)}`]),
];
