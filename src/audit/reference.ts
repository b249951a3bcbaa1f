import { auditEvents } from "./events.ts";
import { auditMeanings } from "./meanings.ts";

/** The reference page of the audit events, in Markdown; generated from the closed list. */
export function auditReference(): string {
  const rows = Object.entries(auditEvents).map(([event, fields]) => {
    const meaning = auditMeanings[event as keyof typeof auditEvents].replaceAll("|", "\\|");
    return `| \`${event}\` | ${meaning} | ${fields.map((f) => `\`${f}\``).join(", ")} |`;
  });
  return [
    "# Audit events",
    "",
    "Generated from `src/audit` by `npm run docs`. There are no other events, and no event has other fields: whatever else an",
    "instance knows is not written. A person is named by the broker's own `sub`. Every entry has `time` (UTC) and `event`; one in a",
    "file also has `seq` (its number), `prev` (hash of the entry before) and `hash`. `cloudpass audit verify` checks the chain.",
    "",
    "| event | what happened | fields |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
