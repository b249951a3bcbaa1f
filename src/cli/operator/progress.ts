import type { Listener, Progress } from "../../operations/index.ts";
import { formatApplied } from "../../targets/index.ts";
import { plain } from "../failure.ts";
import { notify, show, type Terminal } from "../terminal.ts";

/** What the words of a listener depend on. */
interface ProgressWords {
  /** As it was given on the command line. */
  readonly environmentFile?: string;
  /** `json`: standard output belongs to the result alone. */
  readonly output?: string;
}

/** Tells on this terminal what an operation is doing. How a plan ended is a result: it is shown. */
export const listenerOf =
  (terminal: Terminal, words: ProgressWords = {}): Listener =>
  (progress) => {
    if (progress.kind === "applied" && words.output !== "json") show(terminal, ...formatProgress(progress, words));
    else notify(terminal, ...formatProgress(progress, words));
  };

function formatProgress(progress: Progress, { environmentFile = "the environment file" }: ProgressWords): string[] {
  switch (progress.kind) {
    case "reading":
      return [`reading ${progress.what} …`];
    case "looking":
      return [`looking at ${progress.at} …`];
    case "trying":
      return [`trying ${progress.what} …`];
    case "skipped":
      return [`skipped ${progress.target}: ${environmentFile} has no entry for it`];
    case "read":
      return [`  ${progress.requests} requests`, ...progress.remarks.map((remark) => `  ! ${remark}`)];
    case "remark":
      return [plain(`! ${progress.remark}`)];
    case "step":
      return [formatStepDone(progress)];
    case "applied":
      return [`${progress.of}: ${formatApplied(progress.applied)}`];
    case "ending":
      return [plain(`  ${progress.where}: ${progress.what}: ${progress.becomes} …`)];
    case "keycloak unknown":
      return [`${environmentFile} has no entry for the Keycloak of ${progress.issuer}: the account stays as it is`];
    case "account unknown":
      return ["The person's account at Keycloak is not known any more: give its id there with --realm-user"];
  }
}

/** `  cloud gx1 [3/17] create group …` */
const formatStepDone = ({ of, step, index, total }: Extract<Progress, { kind: "step" }>): string =>
  plain(`  ${of} [${index + 1}/${total}] ${step.action} ${step.kind} ${step.key}`);
