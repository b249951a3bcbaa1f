import { join } from "node:path";
import { expect, vi } from "vitest";
import { runCli } from "../../src/cli/index.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";
import { Browser } from "./browser.ts";
import { toCodeConfirmation } from "./code-login.ts";
import { embeddedVisitor } from "./device-login.ts";

/** A `cloudpass login --browser` that waits for its browser. */
export interface BrowserLogin {
  /** The authorization request that a browser would open. */
  readonly url: URL;
  /** Where the command listens. */
  readonly redirectUri: string;
  /** How the command ends. */
  readonly end: Promise<{ readonly exitCode: number; readonly out: string; readonly err: string }>;
}

/** Starts the command in a home of its own; a scripted browser takes the place of the machine's. */
export async function startBrowserLogin(
  issuer: string,
  home: string,
  more: readonly string[] = [],
): Promise<BrowserLogin> {
  const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: join(home, "state") });
  const running = runCli(["login", "--browser", "--json", "--issuer", issuer, ...more], {
    version: "0.0.0",
    serve: async () => 0,
    terminal,
  });
  await vi.waitFor(() => expect(terminal.out()).toContain("\n"), { timeout: 5_000, interval: 10 });
  const { event, url } = JSON.parse(terminal.out().split("\n")[0] ?? "") as { event: string; url: string };
  expect(event).toBe("authorization");
  const request = new URL(url);
  return {
    url: request,
    redirectUri: request.searchParams.get("redirect_uri") ?? "",
    end: running.then((exitCode) => ({ exitCode, out: terminal.out(), err: terminal.err() })),
  };
}

/** Logs a person of the embedded provider in with the command, by a browser on the same machine. */
export async function browserLogin(
  issuer: string,
  home: string,
  email: string,
  more: readonly string[] = [],
): Promise<void> {
  const { url, end } = await startBrowserLogin(issuer, home, more);
  const browser = new Browser();
  const page = await toCodeConfirmation({ url: url.href }, embeddedVisitor(email), browser, "http://nowhere");
  await browser.submit(page, { decision: "approve" });
  expect((await end).exitCode).toBe(0);
}
