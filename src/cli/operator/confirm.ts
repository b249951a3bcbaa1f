import type { Step } from "../../targets/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import { shellWords } from "../shell-words.ts";
import { ask, isInteractive, notify, show, type Terminal } from "../terminal.ts";

/** Asks once for all of a plan. */
export async function confirmYes(terminal: Terminal): Promise<void> {
  if (!isInteractive(terminal)) {
    throw new CommandFailure("nothing was applied: nobody could be asked", {
      means: "There is no terminal to ask “apply this?”.",
      fix: "read the plan, then run it again with --yes",
    });
  }
  const answer = await ask(terminal, "Apply this? Only “yes” applies it: ");
  if (answer.trim() !== "yes") throw new CommandFailure("nothing was applied: the answer was not “yes”");
}

/**
 * For what cannot be undone a “yes” is too easily said: the name of each such object is typed, here or ahead with
 * `--confirm`. `--yes` does not cover it.
 */
export async function confirmSteps(
  terminal: Terminal,
  steps: readonly Step[],
  typed: readonly string[],
): Promise<void> {
  const open = steps.filter((step) => step.confirm === true && !typed.includes(step.key));
  // One name may be meant on several clouds: typing it once is as much thought as `--confirm` asks.
  for (const [what, same] of Map.groupBy(open, ({ kind, key }) => `${kind} ${key}`)) {
    const where = same.length === 1 ? "" : ` in ${same.length} places`;
    await confirmName(terminal, same[0]?.key ?? "", `${what} would be deleted for good${where}.`);
  }
}

/** Has one name typed; `says` is shown before. Throws when it is not. */
export async function confirmName(terminal: Terminal, name: string, message: string): Promise<void> {
  if (!isInteractive(terminal)) {
    throw new CommandFailure(`nothing was applied: ${plain(message)}`, {
      means: "That is done only after its name was typed; --yes does not cover it.",
      fix: `if it is meant, run it again with ${plain(shellWords(["--confirm", name]))}`,
    });
  }
  show(terminal, plain(message));
  const answer = await ask(terminal, `Type its name (${plain(name)}) to go on: `);
  // Blanks that were typed beside a name mean nothing, unless they are the name's own.
  if (answer !== name && answer.trim() !== name) throw new CommandFailure("nothing was applied: that was not the name");
}

/** Shows what is going to happen and has the person type a word, unless `--yes` was given. Nothing else is a yes. */
export async function confirmTyped(
  terminal: Terminal,
  { lines, word, yes }: { lines: readonly string[]; word: string; yes: boolean },
): Promise<void> {
  notify(terminal, ...lines);
  if (yes) return;
  if (!isInteractive(terminal)) {
    throw new CommandFailure("nobody is here to confirm it", { means: "Nothing was done.", fix: "give --yes" });
  }
  const typed = await ask(terminal, `Type "${word}" to go on: `);
  if (typed.trim() !== word) throw new CommandFailure("not confirmed", { means: "Nothing was done." });
}
