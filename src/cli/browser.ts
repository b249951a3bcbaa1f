import { spawn } from "node:child_process";
import type { Terminal } from "./terminal.ts";

/**
 * True when a browser can be expected on this machine: no remote shell, and a screen. Then code + PKCE on loopback
 * is the way to log in, since nobody far away can finish it; the device grant is for the rest (S-15).
 */
export function hasBrowser({ env }: Terminal, platform: NodeJS.Platform): boolean {
  if (env["SSH_CONNECTION"] || env["SSH_TTY"] || env["SSH_CLIENT"]) return false;
  if (platform === "darwin" || platform === "win32") return true;
  return Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
}

type Opener = readonly [command: string, ...args: string[]];

/** The program that opens an address in the person's browser; never through a shell, since the address is an argument. */
export function openerOf(platform: NodeJS.Platform): Opener {
  if (platform === "darwin") return ["open"];
  return platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : ["xdg-open"];
}

/** In WSL the browser is one of Windows: by wslu where it is installed, else by the program of Windows itself. */
const openersOfWsl: readonly Opener[] = [["wslview"], ["rundll32.exe", "url.dll,FileProtocolHandler"]];

/** True in the Windows Subsystem for Linux. */
export const isWsl = (env: Terminal["env"]): boolean =>
  [env["WSL_DISTRO_NAME"], env["WSL_INTEROP"]].some((value) => value !== undefined && value !== "");

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
