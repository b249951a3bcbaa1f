import { spawn } from "node:child_process";
import { variable } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

type Env = Terminal["env"];

const isSet = (env: Env, ...names: readonly string[]): boolean =>
  names.some((name) => variable(env, name) !== undefined);

/** True in a shell on a machine that the person does not sit at. */
export const isRemoteShell = (env: Env): boolean => isSet(env, "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT");

/** True where a program with a window can be shown. */
export const hasScreen = (env: Env, platform: NodeJS.Platform): boolean =>
  platform === "darwin" || platform === "win32" || isSet(env, "DISPLAY", "WAYLAND_DISPLAY");

/**
 * True when a browser can be expected on this machine: no remote shell, and a screen. Then code + PKCE on loopback
 * is the way to log in, since nobody far away can finish it; the device grant is for the rest (S-15).
 */
export const hasBrowser = ({ env }: Pick<Terminal, "env">, platform: NodeJS.Platform): boolean =>
  !isRemoteShell(env) && hasScreen(env, platform);

type Opener = readonly [command: string, ...args: string[]];

/** The program that opens an address in the person's browser; never through a shell, since the address is an argument. */
export function openerOf(platform: NodeJS.Platform): Opener {
  if (platform === "darwin") return ["open"];
  return platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : ["xdg-open"];
}

/** In WSL the browser is one of Windows: by wslu where it is installed, else by the program of Windows itself. */
const openersOfWsl: readonly Opener[] = [["wslview"], ["rundll32.exe", "url.dll,FileProtocolHandler"]];

/** True in the Windows Subsystem for Linux. */
export const isWsl = (env: Env): boolean => isSet(env, "WSL_DISTRO_NAME", "WSL_INTEROP");

/** Opens an address in the browser. Not finding one is no failure: the link is on the screen too. */
export function openBrowser({ env }: Pick<Terminal, "env">, url: string, platform: NodeJS.Platform): void {
  const all = [...(platform === "linux" && isWsl(env) ? openersOfWsl : []), openerOf(platform)];
  const tryNext = ([first, ...rest]: readonly Opener[]): void => {
    if (first === undefined) return;
    const [command, ...args] = first;
    const child = spawn(command, [...args, url], { env: { ...env }, stdio: "ignore", detached: true });
    child.on("error", () => tryNext(rest));
    child.unref();
  };
  tryNext(all);
}
