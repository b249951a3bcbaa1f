import type { OpenAudit } from "../audit/index.ts";
import type { Log } from "../http/index.ts";
import type { Job } from "./job.ts";

/**
 * Tells the log how far the audit went, whenever it went further: whoever cuts the file and its head cannot reach what the
 * log's collector has. `notifyHead` does so at once, for the last entries before an end.
 */
export function auditHeads(opened: Pick<OpenAudit, "head">, log: Log): Job & { notifyHead(): void } {
  let told = 0;
  const notifyHead = () => {
    const head = opened.head();
    if (head === undefined || head.seq === told) return;
    told = head.seq;
    log.info({ auditHead: `${head.seq}:${head.hash}` }, "audit head");
  };
  return {
    name: "audit heads",
    every: 60_000,
    leased: false,
    first: "after a pause",
    run: async () => notifyHead(),
    notifyHead,
  };
}
