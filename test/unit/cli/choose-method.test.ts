import { describe, expect, it } from "vitest";
import { formatFailure } from "../../../src/cli/failure.ts";
import type { Profile } from "../../../src/cli/profile.ts";
import {
  chooseMethod,
  expectPerson,
  type Machine,
  type MethodWish,
} from "../../../src/cli/user/login/choose-method.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const machine = (
  env: Machine["env"] = {},
  platform: NodeJS.Platform = "linux",
  files: readonly string[] = [],
): Machine => ({ env, platform, exists: (path) => files.includes(path) });
const screen = { DISPLAY: ":0" };
const ssh = { SSH_CONNECTION: "198.51.100.7 1 192.0.2.1 22" };
const plainly: MethodWish = { fresh: false };
const profile = { name: "work", issuer: "https://login.example" };

describe("the way of signing in", () => {
  it.each<[string, Machine, string, string]>([
    ["a desktop (X11)", machine(screen), "either", "there is a screen here"],
    ["a desktop (Wayland)", machine({ WAYLAND_DISPLAY: "wayland-0" }), "either", "there is a screen here"],
    ["a Mac", machine({}, "darwin"), "either", "there is a screen here"],
    ["Windows", machine({}, "win32"), "either", "there is a screen here"],
    ["no display", machine(), "device", "there is no screen here"],
    ["a display that was emptied", machine({ DISPLAY: "" }), "device", "there is no screen here"],
    ["SSH", machine(ssh), "device", "this is a remote shell (SSH)"],
    ["SSH with forwarded X11", machine({ ...ssh, ...screen }), "device", "this is a remote shell (SSH)"],
    ["SSH to a Mac", machine({ SSH_TTY: "/dev/ttys1" }, "darwin"), "device", "this is a remote shell (SSH)"],
    ["Docker", machine({}, "linux", ["/.dockerenv"]), "device", "this is a container"],
    ["Podman", machine({}, "linux", ["/run/.containerenv"]), "device", "this is a container"],
    ["a pod", machine({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }), "device", "this is a container"],
    ["toolbox", machine({ container: "podman", ...screen }), "either", "this is a container with a screen"],
    ["WSL without a screen", machine({ WSL_DISTRO_NAME: "Ubuntu" }), "either", "this is WSL"],
    ["WSL with one", machine({ WSL_DISTRO_NAME: "Ubuntu", ...screen }), "either", "this is WSL"],
    ["SSH into WSL", machine({ WSL_DISTRO_NAME: "Ubuntu", ...ssh }), "device", "this is a remote shell (SSH)"],
    ["an automated run on a Mac", machine({ CI: "true" }, "darwin"), "device", "this is an automated run (CI is set)"],
    ["CI=false", machine({ CI: "false", ...screen }), "either", "there is a screen here"],
  ])("%s", (_, where, method, why) => {
    expect(chooseMethod(plainly, undefined, where)).toMatchObject({ method, why });
  });

  it("what is asked for stands before the profile, and that before the machine", () => {
    const device = { ...profile, login: "device" as const };
    const choose = (wish: Partial<MethodWish>, of?: typeof device) =>
      chooseMethod({ ...plainly, ...wish }, of, machine(screen));
    expect(choose({ asked: "browser" }, device)).toMatchObject({ method: "browser", why: "--browser asks for it" });
    expect(choose({ fresh: true }, device)).toMatchObject({ method: "browser", why: "--fresh asks for it" });
    expect(choose({}, device)).toMatchObject({ method: "device", why: "the profile work asks for it" });
  });

  it("a port that ssh -L leads to makes a browser elsewhere one of this machine; none is opened here", () => {
    const either = { method: "either", opens: false, why: "port 8765 of this machine is reached by --callback-port" };
    expect(chooseMethod({ ...plainly, callbackPort: 8765 }, undefined, machine(ssh))).toMatchObject(either);
    expect(chooseMethod(plainly, { ...profile, callbackPort: 8765 }, machine(ssh))).toMatchObject(either);
    expect(chooseMethod({ ...plainly, callbackPort: 8765 }, undefined, machine(screen))).toMatchObject({ opens: true });
  });

  it("a program that reads along is told the one link that was told before", () => {
    const alone = (where: Machine) => chooseMethod(plainly, undefined, where).alone;
    expect([alone(machine(screen)), alone(machine()), alone(machine({ WSL_INTEROP: "/x" }))]).toEqual([
      "browser",
      "device",
      "device",
    ]);
  });
});

describe("where a person is needed and nobody can be there", () => {
  const settings = { issuer: "https://login.example", caFile: undefined, typed: {} };
  const end = (wish: Partial<MethodWish & { json: boolean }>, env = {}, tty = false, of?: Profile) => {
    const all = { fresh: false, json: false, ...wish };
    const terminal = fakeTerminal(env, { tty });
    try {
      expectPerson(chooseMethod(all, of, machine(env)), all, terminal, settings);
      return "waits";
    } catch (problem) {
      return problem;
    }
  };

  it("a login ends with a sentence and exit code 4", () => {
    const failure = end({}) as Parameters<typeof formatFailure>[0];
    expect(failure.exitCode).toBe(4);
    expect(formatFailure(failure)).toBe(
      `cloudpass: a person is needed to log in, and this shell is not interactive
  It would wait with a link and a code: there is no screen here, and nobody reads along.
  → in a terminal run: cloudpass login; to wait all the same: cloudpass login --device; a pipeline logs in by a key of its own`,
    );
    expect(end({}, { CI: "1", DISPLAY: ":99" })).toMatchObject({ exitCode: 4 });
    expect(end({ callbackPort: 8765 }, ssh)).toMatchObject({ exitCode: 4 });
  });

  it("what a profile asks for is of another day: it waits for nobody", () => {
    const [browser, device] = [{ ...profile, login: "browser" } as const, { ...profile, login: "device" } as const];
    expect(end({}, {}, false, browser)).toMatchObject({ exitCode: 4, means: expect.stringContaining("with a link:") });
    expect(end({}, { CI: "1", ...screen }, false, browser)).toMatchObject({ exitCode: 4 });
    expect(end({}, screen, false, device)).toMatchObject({ exitCode: 4 });
    expect([end({}, screen, false, browser), end({}, {}, true, browser)]).toEqual(["waits", "waits"]);
  });

  it.each<[string, object, object?, boolean?]>([
    ["on a terminal", {}, {}, true],
    ["on a terminal of a remote shell", {}, ssh, true],
    ["with --device", { asked: "device" }],
    ["with --browser", { asked: "browser" }],
    ["for a program that reads --json", { json: true }],
    ["where a browser opens on a screen", {}, screen],
  ])("it waits %s", (_, wish, env, tty) => {
    expect(end(wish, env, tty)).toBe("waits");
  });
});
