/** A command says its exit code; without a word it is 0. */
export type Finish = (exitCode: number) => void;
