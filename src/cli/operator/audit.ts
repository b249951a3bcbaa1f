import type { Command } from "commander";
import { outputOption } from "../commands/output.ts";
import type { Finish } from "../commands/types.ts";
import { CommandFailure, exitCodes } from "../failure.ts";
import { show, type Terminal } from "../terminal.ts";
import { configOption, readBrokerConfig } from "./broker-config.ts";
import type { AuditVerdict, Operate, OperatorTools } from "./tools.ts";

interface Options {
  readonly config: string;
  readonly output: string;
  readonly head: readonly string[];
}

/** `cloudpass audit verify` */
export function addAudit(program: Command, operate: Operate, terminal: Terminal, finish: Finish): void {
  const audit = program.command("audit").description("what happened, provably");
  outputOption(configOption(audit.command("verify")))
    .description("look for entries that were changed, removed, moved or cut off; exit code 1 names the first")
    .argument("[file...]", "files of one chain, the oldest first; none = those of the configuration, each by itself")
    .option(
      "--head <number:hash...>",
      "heads from the broker's log (auditHead): the chain must have gone through them",
      [],
    )
    .addHelpText(
      "after",
      `
The configuration is read for the master key. A file's end is checked by its .head file; who could change both can still
be found out by a head that the log's collector has.

Examples:
  cloudpass audit verify --config /etc/cloudpass/broker.yaml
  cloudpass audit verify audit.jsonl.1 audit.jsonl --head 4711:Zm9v…`,
    )
    .action((files: readonly string[], options: Options) => {
      for (const head of options.head) {
        if (!/^[1-9]\d{0,14}:[\w-]{43}$/.test(head))
          throw new CommandFailure(`"${head}" is no head`, { fix: "copy auditHead from the log" });
      }
      return operate(readBrokerConfig(options.config, terminal), async (tools) => {
        const verdicts = await verifyAll(tools.audit, files, options.head);
        if (options.output === "json") show(terminal, JSON.stringify(verdicts, undefined, 2));
        else show(terminal, ...verdicts.flatMap(sayVerdict));
        finish(verdicts.some((v) => v.breach) ? exitCodes.error : exitCodes.ok);
      });
    });
}

interface Named extends AuditVerdict {
  readonly files: readonly string[];
}

async function verifyAll(
  audit: OperatorTools["audit"],
  files: readonly string[],
  heads: readonly string[],
): Promise<Named[]> {
  const chains = files.length > 0 ? [files] : audit.files.map((file) => [file]);
  if (chains.length === 0) {
    throw new CommandFailure("there is no audit file to verify", {
      means: "The configuration names none (audit.file), or none was written yet.",
      fix: "name the files",
    });
  }
  const verdicts: Named[] = [];
  for (const chain of chains) verdicts.push({ files: chain, ...(await audit.verify(chain, heads)) });
  return verdicts;
}

function sayVerdict({ files, entries, head, breach }: Named): string[] {
  const named = files.join(", ");
  if (!breach) return [`${named}: whole, ${entries} entries, head ${head}`];
  const place = breach.line === undefined ? `${breach.file}:` : `${breach.file}, line ${breach.line}`;
  return [
    `${named}: BROKEN after ${entries} good entries`,
    `  ${place} ${breach.says}`,
    "  → keep the file and its .head as evidence, and compare with the broker's log and other instances",
  ];
}
