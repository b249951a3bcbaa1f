import type { KeystoneAnswer, KeystoneCaller, KeystoneQuestion } from "../caller.ts";
import type { ScsActor, ScsCheck, ScsRequirement, ScsSetting } from "./report.ts";

/** One thing to try. */
export interface Trial {
  readonly requirement: ScsRequirement;
  readonly setting?: ScsSetting;
  readonly action: string;
  readonly question: KeystoneQuestion;
  readonly wanted: "allowed" | "refused";
  /** A look into an allowed answer: why it is not what was wanted after all. */
  readonly look?: (body: unknown) => string | undefined;
}

/** Tries one thing after the other, and writes down what came of it. */
export interface Prober {
  readonly checks: ScsCheck[];
  /** As the holder of a token. */
  try(actor: ScsActor, token: string | undefined, trial: Trial): Promise<KeystoneAnswer>;
  /** Asks without writing it down. */
  ask(token: string | undefined, question: KeystoneQuestion): Promise<KeystoneAnswer>;
  /** Writes down what was found in another way. */
  note(actor: ScsActor, trial: Trial, answer: KeystoneAnswer): void;
}

/** Makes the prober; an aborted `signal` ends it before the next question. */
export function makeProber(caller: KeystoneCaller, signal: AbortSignal | undefined): Prober {
  const checks: ScsCheck[] = [];
  const note: Prober["note"] = (actor, trial, answer) => {
    const { requirement, setting, action, wanted, question } = trial;
    const number = checks.filter((c) => c.requirement === requirement && c.actor === actor).length + 1;
    const found = allowed(answer.status) ? trial.look?.(answer.body) : undefined;
    checks.push({
      id: `${requirement}.${number}`,
      requirement,
      ...(setting !== undefined && { setting }),
      actor,
      action,
      asked: `${question.method} ${question.path}`,
      wanted,
      answered: answer.status,
      ...(found !== undefined && { because: found }),
      pass: found === undefined && (wanted === "allowed" ? allowed(answer.status) : refused(answer.status)),
    });
  };
  const ask: Prober["ask"] = async (token, question) => {
    signal?.throwIfAborted();
    return caller.ask(token, question);
  };
  return {
    checks,
    note,
    ask,
    try: async (actor, token, trial) => {
      const answer = await ask(token, trial.question);
      note(actor, trial, answer);
      return answer;
    },
  };
}

const allowed = (status: number): boolean => status >= 200 && status < 300;
/** Only these say "not you": a 400, 409 or 500 would hide that the question was never judged. */
const refused = (status: number): boolean => status === 403 || status === 404;
