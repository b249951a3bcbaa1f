import { OperationRefused } from "../../operations/index.ts";
import { formatProblem } from "../../yaml/index.ts";
import { CommandFailure, exitCodes, plain } from "../failure.ts";
import { shellWords } from "../shell-words.ts";

/** An operation's refusal in the words of a terminal; nothing for any other problem. */
export function refusedFailure(problem: unknown): CommandFailure | undefined {
  if (!(problem instanceof OperationRefused)) return undefined;
  const { message, meaning, remedy = remedyFor(problem), problems, unreachable, cause } = problem;
  const listed = problems.length === 0 ? undefined : `\n${problems.map(formatProblem).join("\n")}\n`;
  const means = listed ?? (meaning === undefined ? undefined : plain(meaning));
  return new CommandFailure(plain(message), {
    ...(means !== undefined && { means }),
    ...(remedy !== undefined && { fix: plain(remedy) }),
    exitCode: unreachable ? exitCodes.unreachable : exitCodes.error,
    cause,
  });
}

/** The remedy where an operation leaves it to us: what to type. */
function remedyFor({ reason, about = "" }: OperationRefused): string | undefined {
  switch (reason) {
    case "testers not meant":
      return "leave --tester out";
    case "testers missing":
      return "name at least one person: --tester ann@a.example";
    case "not as it must be":
      return `run: ${shellWords(["cloudpass", "idp", "check", about])}`;
    default:
      return undefined;
  }
}
