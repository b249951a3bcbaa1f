import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { type Clock, systemClock } from "../../../src/core/index.ts";
import { boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { toCodeConfirmation } from "../../support/code-login.ts";
import { runCommand } from "../../support/command.ts";
import { decideInBrowser, embeddedVisitor, toConfirmation } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { shared } from "../../support/shared.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// Both ways of signing in on one screen: each place where one of them is known to hang is finished by the other.

const broker = shared(() => boot({ yaml: "device: {interval: 1s}" }));
const bob = embeddedVisitor("bob@a.example");
let home: string;
let programs: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-method-"));
  // A browser that opens and shows nothing; where it was sent is written down.
  programs = join(home, "bin");
  await mkdir(programs);
  await writeFile(join(programs, "xdg-open"), `#!/bin/sh\nprintf %s "$1" > "${home}/opened"\n`);
  await chmod(join(programs, "xdg-open"), 0o755);
});
afterAll(() => rm(home, { recursive: true }));

let people = 0;
const logIn = (env: Readonly<Record<string, string>>, ...more: readonly string[]) => logInAt(systemClock, env, ...more);

function logInAt(clock: Clock, env: Readonly<Record<string, string>>, ...more: readonly string[]) {
  const place = join(home, String(++people));
  const terminal = fakeTerminal(
    { HOME: place, XDG_STATE_HOME: place, PATH: `${programs}:${process.env["PATH"]}`, NO_COLOR: "1", ...env },
    { tty: true, clock },
  );
  const argv = ["login", broker.issuer, "--no-qr", ...more];
  const end = runCli(argv, { version: "0.0.0", serve: async () => 0, terminal });
  const link = (pattern: RegExp) => async () => {
    await expect.poll(() => terminal.err(), { timeout: 5_000, interval: 20 }).toMatch(pattern);
    return pattern.exec(terminal.err())?.[1] ?? "";
  };
  return {
    terminal,
    end,
    code: link(/open {3}(\S+\/device\?user_code=\S+)\s/),
    browser: link(/open {3}(http:\/\/127\.0\.0\.1:\d+\/\S+)\s/),
  };
}

async function goTo(link: string) {
  const url = (await fetch(link, { redirect: "manual" })).headers.get("location") ?? "";
  const browser = new Browser();
  const page = await toCodeConfirmation({ url }, bob, browser, "http://nowhere");
  return { url, last: await browser.submit(page, { decision: "approve" }) };
}

/** What stands there, wherever lines were broken. */
const said = ({ err }: { err(): string }) => err().replaceAll(/\s+/g, " ");

const screen = { DISPLAY: ":99" };
const ssh = { SSH_CONNECTION: "198.51.100.7 1 192.0.2.1 22" };

describe("both ways on one screen", { timeout: 30_000 }, () => {
  it("a browser that opens and shows nothing: the code finishes the login", async () => {
    await rm(join(home, "opened"), { force: true });
    const { terminal, end, code, browser } = logIn(screen);
    await decideInBrowser(await code(), bob, "approve");
    expect(await end).toBe(0);
    // Where these tests run may be a container itself.
    expect(said(terminal)).toMatch(
      /: (there is a screen here|this is a container with a screen), and its browser opens\. If it does not: /,
    );
    expect(await readFile(join(home, "opened"), "utf8")).toBe(await browser());
    await expect(fetch(await browser())).rejects.toThrow("fetch failed");
  });

  it("no browser at all where there should be one: the same", async () => {
    const { end, code } = logIn({ ...screen, PATH: "/nowhere" });
    await decideInBrowser(await code(), bob, "approve");
    expect(await end).toBe(0);
  });

  it("the browser finishes it; its link is short, and cannot be guessed", async () => {
    const { terminal, end, browser } = logIn(screen);
    const link = await browser();
    expect(link.length).toBeLessThan(40);
    const { url, last } = await goTo(link);
    expect(new URL(url).pathname).toBe("/authorize");
    expect(heading(last)).toBe("Logged in");
    expect(new URL(last.url).pathname + new URL(last.url).search).toMatch(/^\/done\/[\w-]{8}$/);
    expect(await end).toBe(0);
    expect(terminal.err()).not.toContain(url);
  });

  it("both are finished at the same moment: one login is left, and it is the one that is kept", async () => {
    const clock = heldClock();
    const alice = embeddedVisitor("alice@a.example"); // who logs in nowhere else here
    const { terminal, end, browser, code } = logInAt(clock, screen);
    const link = await browser();
    await decideInBrowser(await code(), alice, "approve");
    const url = (await fetch(link, { redirect: "manual" })).headers.get("location") ?? "";
    const visiting = new Browser();
    const page = await toCodeConfirmation({ url }, alice, visiting, "http://nowhere");
    const stopAt = new URL(url).searchParams.get("redirect_uri") ?? "";
    const { stopped: callback = "" } = await visiting.submit(page, { decision: "approve" }, { stopAt });
    // The browser comes back while it is asked about the code.
    clock.advance(1);
    const back = fetch(callback);
    await back.catch(() => undefined);
    expect(await end, terminal.err()).toBe(0);
    const place = join(home, String(people));
    const logins = async () => {
      const list = fakeTerminal({ HOME: place, XDG_STATE_HOME: place });
      await runCli(["sessions", "list", "-o", "json"], { version: "0.0.0", serve: async () => 0, terminal: list });
      const { logins: all } = JSON.parse(list.out()) as { logins: { this: boolean }[] };
      return all.map((one) => one.this);
    };
    await expect.poll(logins, { timeout: 3_000 }).toEqual([true]);
  });

  it("the page names this program and its version; the terminal shows what one has, and until when", async () => {
    const { terminal, end, code } = logIn(ssh);
    const visiting = new Browser();
    const page = await toConfirmation(visiting, await code(), bob);
    expect(page.text).toContain("<dd>cloudpass/0.0.0</dd>");
    await visiting.submit(page, { decision: "approve" });
    expect(await end).toBe(0);
    const after = terminal.err().slice(terminal.err().indexOf("Logged in at"));
    expect(after).toMatch(/^Valid until 20\d\d-\S+Z, for 1[12] h/m);
    expect(after).toMatch(/^gx1 +cloud +\w+ on project customer-a\/dev$/m);
    expect(after).toMatch(/^prod1 +cluster +/m);
    expect(after).toMatch(/See what you may do: cloudpass status\n$/);
  });

  it("a denial in either ends both", async () => {
    const { end, code, terminal } = logIn(screen);
    await decideInBrowser(await code(), bob, "deny");
    expect(await end).toBe(1);
    expect(terminal.err()).toContain("the login was denied");
  });

  it("in a remote shell with ssh -L the browser comes back to the port that was named; none is opened here", async () => {
    const spare = createServer();
    const port = Number((await listen(spare)).split(":")[1]);
    const taken = logIn(ssh, "--callback-port", String(port));
    expect(await taken.end).toBe(1);
    expect(taken.terminal.err()).toContain(`port ${port} of this machine cannot be used (EADDRINUSE)`);
    await stopServer(spare);
    await rm(join(home, "opened"), { force: true });
    const { terminal, end, browser } = logIn({ ...ssh, ...screen }, "--callback-port", String(port));
    const link = await browser();
    expect(new URL(link).port).toBe(String(port));
    expect(terminal.err()).toMatch(/user_code=/);
    await goTo(link);
    expect(await end).toBe(0);
    await expect(readFile(join(home, "opened"))).rejects.toThrow("ENOENT");
    expect(await readFile(join(home, String(people), ".config/cloudpass/profiles.yaml"), "utf8")).toContain(
      `callbackPort: ${port}`,
    );
  });

  it("SSH, no display, a container: link and code stand alone, and why is said", async () => {
    const places = [
      [ssh, /: this is a remote shell \(SSH\)\. /],
      [{}, /: (there is no screen here|this is a container)\. /],
      [{ container: "oci" }, /: this is a container\. /],
    ] as const;
    // Each waits a second for its answer: all at the same time.
    const each = places.map(async ([env, why]) => {
      const { terminal, end, code } = logIn(env);
      await decideInBrowser(await code(), bob, "approve");
      expect(await end).toBe(0);
      expect(said(terminal)).toMatch(why);
      expect(terminal.err().match(/ open {3}/g)).toHaveLength(1);
    });
    await Promise.all(each);
  });

  it.each(["wslview", "rundll32.exe"])(
    "WSL: the browser of Windows is opened by %s, or the code is taken",
    async (program) => {
      const windows = join(home, program.slice(0, 3));
      await mkdir(windows);
      await writeFile(
        join(windows, program),
        `#!/bin/sh\nfor last; do :; done\nprintf %s "$last" > "${windows}/opened"\n`,
      );
      await chmod(join(windows, program), 0o755);
      const { end, code, browser, terminal } = logIn({ WSL_DISTRO_NAME: "Ubuntu", PATH: `${windows}:/usr/bin:/bin` });
      const link = await browser();
      await expect.poll(() => readFile(join(windows, "opened"), "utf8").catch(() => "")).toBe(link);
      await decideInBrowser(await code(), bob, "approve");
      expect(await end).toBe(0);
      expect(said(terminal)).toContain(": this is WSL, and its browser opens. ");
    },
  );
});

describe("a shell that is not interactive", { timeout: 30_000 }, () => {
  it("gets a sentence and exit code 4, and the broker is not even asked", async () => {
    const before = broker.lines.length;
    const env = { HOME: join(home, "script") };
    const { exitCode, out, err } = await runCommand(["login", broker.issuer], { env });
    expect([exitCode, out, err]).toEqual([4, "", expect.stringMatching(/^cloudpass: a person is needed to log in/)]);
    expect(err).toContain(`to wait all the same: cloudpass login --device --issuer ${broker.issuer}`);
    expect(broker.lines.length).toBe(before);
  });
});
