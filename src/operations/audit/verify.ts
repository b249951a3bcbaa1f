import { existsSync } from "node:fs";
import { auditPath, type Breach, goesThrough, type Link, verifyAuditFiles } from "../../audit/index.ts";
import type { BrokerConfig } from "../../config/index.ts";
import type { Seal } from "../../core/index.ts";
import { OperationRefused } from "../refused.ts";

/** What verifying one chain found. */
export interface AuditVerdict {
  /** Of one chain, the oldest first. */
  readonly files: readonly string[];
  readonly entries: number;
  /** `<number>:<hash>` of the last whole entry. */
  readonly head: string;
  /** The first entry that is wrong. */
  readonly breach?: Breach;
}

/** What is verified. */
export interface AuditQuestion {
  /** Files of one chain, the oldest first; none: those of the configuration, each by itself. */
  readonly files: readonly string[];
  /** Heads from the broker's log: the chain must have gone through them. */
  readonly heads: readonly Link[];
}

interface Deps {
  readonly config: Pick<BrokerConfig, "audit">;
  readonly seal: Seal;
}

/** Looks for entries that were changed, removed, moved or cut off. Throws `Fault` when a file cannot be read. */
export async function verifyAudit({ files, heads }: AuditQuestion, deps: Deps): Promise<readonly AuditVerdict[]> {
  if (files.length > 0) return [await verify(deps, files, heads)];
  const configured = deps.config.audit?.file;
  const broker = configured === undefined ? undefined : auditPath(configured, "broker");
  const chains = (configured === undefined ? [] : [auditPath(configured, "broker"), auditPath(configured, "operator")])
    .filter((file) => existsSync(file))
    .map((file) => [file]);
  if (broker === undefined || chains.length === 0) {
    throw new OperationRefused("there is no audit file to verify", {
      meaning: "The configuration names none (audit.file), or none was written yet.",
      remedy: "name the files",
    });
  }
  const verdicts: AuditVerdict[] = [];
  for (const [chain, own] of await headsByChain(deps, { broker, chains, heads })) {
    const gone = chain[0] === broker && !existsSync(broker);
    verdicts.push(gone ? goneWith(broker, own) : await verify(deps, chain, own));
  }
  return verdicts;
}

async function verify({ seal }: Deps, files: Chain, heads: readonly Link[]): Promise<AuditVerdict> {
  const { entries, last, breach } = await verifyAuditFiles(seal, files, heads);
  return { files, entries, head: `${last.seq}:${last.hash}`, ...(breach && { breach }) };
}

type Chain = readonly string[];

/**
 * A head is compared with its own chain: the one that went through it. One that none of them knows is the broker's, in
 * whose log heads are told.
 */
async function headsByChain(
  { seal }: Deps,
  { broker, chains, heads }: { broker: string; chains: readonly Chain[]; heads: readonly Link[] },
): Promise<Map<Chain, Link[]>> {
  const found = new Map<Chain, Link[]>(chains.map((chain) => [chain, []]));
  for (const head of heads) {
    let own: Chain | undefined;
    for (const chain of chains) own ??= (await goesThrough(seal, chain, head)) ? chain : undefined;
    own ??= chains.find(([file]) => file === broker) ?? [broker];
    found.set(own, [...(found.get(own) ?? []), head]);
  }
  return found;
}

/** The broker's file is not there, and its log knows how far it went. */
function goneWith(file: string, heads: readonly Link[]): AuditVerdict {
  const last = Math.max(...heads.map(({ seq }) => seq));
  const message = `is gone: entries 1 to ${last} are missing`;
  return { files: [file], entries: 0, head: "0:", breach: { file, seq: 1, message } };
}
