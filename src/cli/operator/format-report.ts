import type { Finding } from "../../core/index.ts";
import { plain } from "../failure.ts";

/** A report as lines: what is good shortly, what is not with its remedy. */
export function formatReport({
  about,
  findings,
}: {
  readonly about: string;
  readonly findings: readonly Finding[];
}): string[] {
  const count = (level: Finding["level"]) => findings.filter((it) => it.level === level).length;
  return [
    plain(about),
    ...findings.flatMap((finding, i) => formatFinding(finding, findings[i + 1]?.remedy !== finding.remedy)),
    `${count("ok")} ok, ${count("warn")} to think about, ${count("fail")} wrong`,
  ];
}

// One remedy for several findings in a row stands below the last of them.
const formatFinding = ({ level, about, message, remedy }: Finding, last: boolean): string[] => [
  `  ${level.padEnd(4)}  ${plain(about)}: ${plain(message)}`,
  ...(remedy === undefined || !last ? [] : [`        → ${plain(remedy)}`]),
];
