import { existsSync } from "node:fs";
import { hasScreen, isRemoteShell, isWsl } from "../../browser.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Profile, ProfileMethod } from "../../profile.ts";
import { formatCommand, type Settings, variable } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";

/** Ways of signing in that are shown: with either of both the login is done. */
type ShownMethod = ProfileMethod | "either";

/** How a login goes, and why. */
export interface ChosenMethod {
  readonly method: ShownMethod;
  /** The one to take where a program reads along, which is told one link. */
  readonly alone: ProfileMethod;
  /** True when a browser is opened here; else its link is for a browser that reaches this machine's port. */
  readonly opens: boolean;
  /** As the end of a sentence: "there is no screen here". */
  readonly why: string;
  /** True where a browser that opens here is likely seen by somebody, also if nobody reads what is written. */
  readonly isSeen: boolean;
}

/** What the person asked for. */
export interface MethodWish {
  readonly asked?: ProfileMethod | undefined;
  /** To prove again who it is: only a browser does that. */
  readonly fresh: boolean;
  readonly callbackPort?: number | undefined;
}

/** Where the command runs. */
export interface Machine {
  readonly env: Terminal["env"];
  readonly platform: NodeJS.Platform;
  /** True when there is such a file. */
  exists(path: string): boolean;
}

/** The machine of this process. */
export const thisMachine = ({ env }: Pick<Terminal, "env">): Machine => ({
  env,
  platform: process.platform,
  exists: existsSync,
});

/** Chooses the way of signing in: as asked, as the profile has it, or what can work where the command runs. */
export function chooseMethod(wish: MethodWish, profile: Profile | undefined, machine: Machine): ChosenMethod {
  const fitting = whatFits(machine, wish.callbackPort ?? profile?.callbackPort);
  const isSeen = fitting.opens;
  const one = (method: ProfileMethod, why: string): ChosenMethod => ({
    method,
    alone: method,
    opens: true,
    why,
    isSeen: isSeen && method !== "device",
  });
  if (wish.asked !== undefined) return one(wish.asked, `--${wish.asked} asks for it`);
  if (wish.fresh) return one("browser", "--fresh asks for it");
  if (profile?.login !== undefined) return one(profile.login, `the profile ${plain(profile.name)} asks for it`);
  return { ...fitting, isSeen };
}

function whatFits(machine: Machine, callbackPort: number | undefined): Omit<ChosenMethod, "isSeen"> {
  const { env, platform } = machine;
  const isSet = (name: string) => variable(env, name) !== undefined;
  const device = (why: string) => ({ method: "device", alone: "device", opens: false, why }) as const;
  const either = (why: string, alone: ProfileMethod = "browser") =>
    ({ method: "either", alone, opens: true, why }) as const;
  const isRemote = isRemoteShell(env);
  const isShown = hasScreen(env, platform);
  const isContainer =
    ["/.dockerenv", "/run/.containerenv"].some(machine.exists) ||
    isSet("KUBERNETES_SERVICE_HOST") ||
    isSet("container");
  if (callbackPort !== undefined && (isRemote || !isShown)) {
    return { ...either(`port ${callbackPort} of this machine is reached by --callback-port`), opens: false };
  }
  if (isRemote) return device("this is a remote shell (SSH)");
  if (isUnattended(env)) return device("this is an automated run (CI is set)");
  // Its browser is one of Windows, which reaches this port most of the time.
  if (isWsl(env)) return either("this is WSL", isShown ? "browser" : "device");
  if (isContainer) return isShown ? either("this is a container with a screen") : device("this is a container");
  return isShown ? either("there is a screen here") : device("there is no screen here");
}

const isUnattended = (env: Terminal["env"]): boolean => !["", "0", "false"].includes(env["CI"]?.trim() ?? "");

/**
 * Fails, before anything is asked, where a person would be needed and nobody can be there: the login would wait to its end.
 * What is asked for by name is waited for, also in a log that somebody reads, and so is a program that reads `--json`.
 */
export function expectPerson(
  { method, why, isSeen }: ChosenMethod,
  wish: MethodWish & { readonly json: boolean },
  { stderr }: Pick<Terminal, "stderr">,
  settings: Settings,
): void {
  if (stderr.isTTY === true || wish.json || wish.fresh || wish.asked !== undefined) return;
  if (isSeen) return;
  throw new CommandFailure("a person is needed to log in, and this shell is not interactive", {
    means: `It would wait with ${method === "browser" ? "a link" : "a link and a code"}: ${why}, and nobody reads along.`,
    fix: `in a terminal run: ${formatCommand(settings, "login")}; to wait all the same: ${formatCommand(settings, "login --device")}; a pipeline logs in by a key of its own`,
    exitCode: exitCodes.personNeeded,
  });
}
