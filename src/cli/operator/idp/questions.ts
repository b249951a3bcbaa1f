import { CommandFailure } from "../../failure.ts";
import { ask, isInteractive, type Terminal } from "../../terminal.ts";

/** Answers what an option gave, or what the person says; fails with the option's name where nobody can be asked. */
export type Asker = (given: string | undefined, question: string, option: string) => Promise<string>;

/** Asks at this terminal. */
export const asker =
  (terminal: Terminal): Asker =>
  async (given, question, option) => {
    if (given !== undefined) return given;
    if (!isInteractive(terminal)) throw new CommandFailure(`missing: ${question}`, { fix: `give ${option}` });
    const answer = (await ask(terminal, `${question}: `)).trim();
    if (answer === "") throw new CommandFailure(`nothing was written: no answer to “${question}”`);
    return answer;
  };
