import { isDeepStrictEqual, styleText } from "node:util";
import type { Teller, Walk } from "./runner.ts";

/** What became of a step. */
interface Outcome {
  readonly name: string;
  outcome: "held" | "failed" | "not run";
  seconds: number;
  readonly said: string[];
  because?: string;
}

const marks = { held: "✓", failed: "✗", "not run": "–" } as const;
const colours = { held: "green", failed: "red", "not run": "dim" } as const;

/** Tells how a walk goes: text on standard output as it happens, or JSON there at its end and the text on standard error. */
export class Progress {
  readonly #walk: Pick<Walk<never>, "name" | "about" | "limit">;
  readonly #steps: readonly Outcome[];
  readonly #output: "text" | "json";
  readonly #started = Date.now();
  #at = -1;
  #since = 0;

  constructor(walk: Pick<Walk<never>, "name" | "about" | "limit">, names: readonly string[], output: "text" | "json") {
    this.#walk = walk;
    this.#output = output;
    this.#steps = names.map((name) => ({ name, outcome: "not run", seconds: 0, said: [] }));
    this.#print(`Walk "${walk.name}": ${names.length} steps, ${formatTime(walk.limit)} at the most.`, ...walk.about);
  }

  /** The next step begins. */
  begin(): Teller {
    this.#since = Date.now();
    const step = this.#steps[++this.#at];
    if (step === undefined) throw new Error("there is no further step");
    const at = `${this.#at + 1}/${this.#steps.length}`.padStart(5);
    this.#print("", styleText("bold", `${formatTime(this.#elapsed())}  ${at}  ${step.name}`));
    const say = (text: string) => {
      // A step that was given up may still go on for a moment.
      if (this.#steps[this.#at] !== step || step.outcome !== "not run") return;
      step.said.push(text);
      this.note(text);
    };
    return {
      say,
      same: (what, found, wanted) => {
        if (!isDeepStrictEqual(found, wanted))
          throw new Error(`${what}: expected ${show(wanted)}, found ${show(found)}`);
        say(`${what}: ${show(found)}`);
      },
    };
  }

  /** The step that began last held. */
  held(): void {
    this.#end("held");
  }

  /** The step that began last did not hold. */
  failed(error: unknown): void {
    this.#end("failed", formatError(error));
  }

  /** A line that belongs to no step's result. */
  note(text: string): void {
    this.#print(...text.split("\n").map((line) => `              ${line}`));
  }

  /** The table, and the last line. */
  summary(exitCode: number): void {
    const failed = this.#steps.find((s) => s.outcome === "failed");
    const seconds = this.#elapsed();
    this.#print("", ...this.#steps.map(row), "", this.#verdict(failed, exitCode));
    if (this.#output === "text") return;
    const report = {
      walk: this.#walk.name,
      held: exitCode === 0,
      seconds,
      ...(failed && { failed: failed.name }),
      steps: this.#steps,
    };
    console.log(JSON.stringify(report, undefined, 2));
  }

  #verdict(failed: Outcome | undefined, exitCode: number): string {
    const held = this.#steps.filter((s) => s.outcome === "held").length;
    const of = `${held} of ${this.#steps.length} steps held, ${formatTime(this.#elapsed())}.`;
    // The rest of a long reason, as of a server's log, stands with the step.
    const because = failed?.because?.split("\n")[0];
    if (failed) return styleText("red", `✗ The walk stopped at "${failed.name}": ${because}\n${of}`);
    if (exitCode !== 0) return styleText("red", `✗ All steps held, but not everything could be ended. ${of}`);
    return styleText("green", `✓ All of it held. ${of}`);
  }

  #end(outcome: "held" | "failed", because?: string): void {
    const step = this.#steps[this.#at];
    if (!step) return;
    step.outcome = outcome;
    step.seconds = round((Date.now() - this.#since) / 1000);
    if (because !== undefined) step.because = because;
    const text = `${marks[outcome]} ${outcome === "held" ? "" : `${because}, after `}${step.seconds.toFixed(1)} s`;
    this.#print(`            ${styleText(colours[outcome], text)}`);
  }

  #elapsed(): number {
    return round((Date.now() - this.#started) / 1000);
  }

  #print(...lines: readonly string[]): void {
    const stream = this.#output === "text" ? process.stdout : process.stderr;
    stream.write(`${lines.join("\n")}\n`);
  }
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

const row = ({ name, outcome, seconds }: Outcome): string =>
  `${styleText(colours[outcome], marks[outcome])} ${(outcome === "not run" ? "" : `${seconds.toFixed(1)} s`).padStart(8)}  ${name}`;

/** Minutes and seconds. */
const formatTime = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")} min`;

const show = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"));

/** What an error says, with the code and the description of an OAuth answer if it carries one. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { error: code, error_description: description } = error as { error?: unknown; error_description?: unknown };
  const answer = [code, description].filter((part) => typeof part === "string").join(": ");
  return answer === "" ? error.message : `${error.message} (${answer})`;
}
