import { exitCodes } from "../failure.ts";

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "done, or nothing to do",
  error: "it did not work, and will not by itself",
  changes: "a plan found differences",
  unreachable: "a server did not answer: the same command may work later",
  personNeeded: "a person would have to do something, and the shell is not interactive",
  interrupted: "ended by Ctrl-C or a signal, in order, before all was done",
};

/** Each exit code of the command with its meaning. */
export const exitCodeMeanings: readonly (readonly [code: number, meaning: string])[] = Object.entries(exitCodes).map(
  ([name, code]) => [code, meanings[name as keyof typeof exitCodes]],
);
