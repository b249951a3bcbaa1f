import { readFileSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { systemRandom } from "../../core/index.ts";
import { type LeaseOptions, type Plan, readPlans, savePlans } from "../../targets/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import { notify, type Terminal } from "../terminal.ts";
import type { Made } from "./planned.ts";

/** Writes plans to a file, for a later `apply --plan`. They hold no secret, but settings that not everybody need see. */
export function writePlans(terminal: Terminal, file: string, plans: readonly Plan[]): void {
  try {
    writeFileSync(file, savePlans(plans), { mode: 0o600 });
  } catch (cause) {
    throw new CommandFailure(`the plan file ${file} cannot be written`, { fix: "check folder and permissions", cause });
  }
  notify(terminal, `the plan is in ${file}; carry out exactly that with apply --plan ${file}`);
}

/** Puts the plans of a file, made earlier, in the place of those just made. What the file does not name is left alone. */
export function matchSaved(made: readonly Made[], file: string | undefined): readonly Made[] {
  if (file === undefined) return made;
  const saved = readSaved(file);
  const unknown = saved.find((plan) => !made.some((it) => it.plan.driver === plan.driver));
  if (unknown !== undefined) {
    throw new CommandFailure(`${file} holds a plan for ${plain(unknown.driver)}, which is not among the files`, {
      fix: "give the same files and options as when the plan was made",
    });
  }
  return made.flatMap((it) => {
    const plan = saved.find(({ driver }) => driver === it.plan.driver);
    return plan === undefined ? [] : [{ ...it, plan }];
  });
}

function readSaved(file: string): readonly Plan[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new CommandFailure(`the plan file ${file} cannot be read`, { fix: "check the path", cause });
  }
  const plans = readPlans(text);
  if (!plans.ok) throw new CommandFailure(`${file}: ${plans.refusal}`);
  return plans.value;
}

/** Who is at work, for another who would begin meanwhile: account and machine. */
export function leaseFor({ clock }: Terminal): LeaseOptions {
  return { holder: `${accountName()} at ${hostname()}`, clock, random: systemRandom };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user id may have no name.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
