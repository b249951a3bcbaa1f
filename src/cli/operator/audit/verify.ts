import type { Command } from "commander";
import { type AuditVerdict, verifyAudit } from "../../../operations/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { renamed } from "../as-json.ts";
import { configOption, type OnBroker, readBrokerConfig } from "../broker.ts";

interface Options {
  readonly config: string;
  readonly output: string;
  readonly head: readonly string[];
}

/** `cloudpass audit verify` */
export function addVerify(audit: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  outputOption(configOption(audit.command("verify")))
    .description("look for entries that were changed, removed, moved or cut off; exit code 1 names the first")
    .argument("[file...]", "files of one chain, the oldest first; none = those of the configuration, each by itself")
    .option(
      "--head <number:hash...>",
      "heads from the broker's log (auditHead): the broker's chain must have gone through them",
      [],
    )
    .addHelpText(
      "after",
      `
The configuration is read for the master key. A file's end is checked by its .head file; a head that was collected
with the log still gives away whoever changed both. A file that somebody else wrote to while the broker
ran is kept as ….touched-<time>: verify it together with the one after it, the older first.

Examples:
  cloudpass audit verify --config /etc/cloudpass/broker.yaml
  cloudpass audit verify audit.jsonl.1 audit.jsonl --head 4711:Zm9v…`,
    )
    .action((files: readonly string[], options: Options) => {
      const heads = options.head.map(headOf);
      return onBroker(readBrokerConfig(options.config, terminal), async (state) => {
        const verdicts = await verifyAudit({ files, heads }, state);
        if (options.output === "json") show(terminal, JSON.stringify(verdicts.map(verdictAsJson), undefined, 2));
        else show(terminal, ...verdicts.flatMap(formatVerdict));
        finish(verdicts.some((v) => v.breach) ? exitCodes.error : exitCodes.ok);
      });
    });
}

function headOf(text: string): { seq: number; hash: string } {
  const [, seq, hash] = /^([1-9]\d{0,14}):([\w-]{43})$/.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new CommandFailure(`"${text}" is not a head`, { fix: "copy auditHead from the log" });
}

function formatVerdict({ files, entries, head, breach }: AuditVerdict): string[] {
  const named = files.join(", ");
  if (!breach) return [`${named}: whole, ${entries} entries, head ${head}`];
  const place = breach.line === undefined ? `${breach.file}:` : `${breach.file}, line ${breach.line}`;
  return [
    `${named}: BROKEN after ${entries} good entries`,
    `  ${place} ${breach.message}`,
    "  → keep the file and its .head as evidence, and compare with the broker's log and other instances",
  ];
}

/** A verdict as programs know it. */
const verdictAsJson = ({ breach, ...verdict }: AuditVerdict) => ({
  ...verdict,
  ...(breach !== undefined && { breach: renamed(breach, "message", "says") }),
});
