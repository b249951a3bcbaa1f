import type { Command } from "commander";
import { CommandFailure, exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { renamed } from "../as-json.ts";
import { configOption, readBrokerConfig } from "../broker-config.ts";
import type { AuditVerdict, Operate, OperatorTools } from "../tools.ts";

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
      "heads from the broker's log (auditHead): the broker's chain must have gone through them",
      [],
    )
    .addHelpText(
      "after",
      `
The configuration is read for the master key. A file's end is checked by its .head file; who could change both can still
be found out by a head that the log's collector has. A file that somebody else wrote to while the broker
ran is kept as ….touched-<time>: verify it together with the one after it, the older first.

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
        if (options.output === "json") show(terminal, JSON.stringify(verdicts.map(verdictAsJson), undefined, 2));
        else show(terminal, ...verdicts.flatMap(formatVerdict));
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
  given: readonly string[],
): Promise<Named[]> {
  const chains = audit.files.map((file) => [file]);
  if (files.length === 0 && chains.length === 0) {
    throw new CommandFailure("there is no audit file to verify", {
      means: "The configuration names none (audit.file), or none was written yet.",
      fix: "name the files",
    });
  }
  if (files.length > 0) return [{ files, ...(await audit.verify(files, given)) }];
  const heads = await headsByChain(audit, chains, given);
  const verdicts: Named[] = [];
  for (const [chain, own] of heads) {
    const gone = audit.brokers !== undefined && chain[0] === audit.brokers && !audit.files.includes(audit.brokers);
    verdicts.push({ files: chain, ...(gone ? goneWith(audit.brokers, own) : await audit.verify(chain, own)) });
  }
  return verdicts;
}

type Chain = readonly string[];

/**
 * A head is compared with its own chain: the one that went through it. One that none of them knows is the broker's, in
 * whose log heads are told.
 */
async function headsByChain(
  audit: OperatorTools["audit"],
  chains: readonly Chain[],
  heads: readonly string[],
): Promise<Map<Chain, string[]>> {
  const found = new Map<Chain, string[]>(chains.map((chain) => [chain, []]));
  for (const head of heads) {
    let own: Chain | undefined;
    for (const chain of chains) own ??= (await audit.holds(chain, head)) ? chain : undefined;
    own ??= chains.find(([file]) => file === audit.brokers) ?? [audit.brokers ?? ""];
    found.set(own, [...(found.get(own) ?? []), head]);
  }
  return found;
}

/** The broker's file is not there, and its log knows how far it went. */
function goneWith(file: string, heads: readonly string[]): AuditVerdict {
  const last = Math.max(...heads.map((head) => Number.parseInt(head, 10)));
  return { entries: 0, head: "0:", breach: { file, seq: 1, message: `is gone: entries 1 to ${last} are missing` } };
}

function formatVerdict({ files, entries, head, breach }: Named): string[] {
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
const verdictAsJson = ({ breach, ...verdict }: Named) => ({
  ...verdict,
  ...(breach !== undefined && { breach: renamed(breach, "message", "says") }),
});
