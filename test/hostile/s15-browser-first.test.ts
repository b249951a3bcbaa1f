import { describe, expect, test } from "vitest";
import { hasBrowser, openerOf } from "../../src/cli/browser.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

// The device grant can be finished by somebody far away; code + PKCE on loopback cannot. So it is the first choice.

describe("S-15: the command logs in with the browser of this machine where there is one", () => {
  test.each<[string, NodeJS.Platform, Record<string, string>, boolean]>([
    ["a Linux desktop (X11)", "linux", { DISPLAY: ":0" }, true],
    ["a Linux desktop (Wayland)", "linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
    ["a Mac", "darwin", {}, true],
    ["Windows", "win32", {}, true],
    ["a server without a screen", "linux", {}, false],
    ["a remote shell", "linux", { SSH_CONNECTION: "198.51.100.7 1 192.0.2.1 22" }, false],
    ["a remote shell with forwarded X11", "linux", { SSH_TTY: "/dev/pts/1", DISPLAY: "localhost:10.0" }, false],
    ["a remote shell on a Mac", "darwin", { SSH_CLIENT: "198.51.100.7 1 22" }, false],
  ])("%s", (_what, platform, env, expected) => {
    expect(hasBrowser(fakeTerminal(env), platform)).toBe(expected);
  });

  test("the address is handed to the opener as an argument, never to a shell", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) expect(openerOf(platform)[0]).not.toMatch(/sh|cmd/);
  });
});
