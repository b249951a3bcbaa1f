import { join } from "node:path";
import { expect } from "vitest";
import { runCli } from "../../src/cli/index.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

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
export async function startBrowserLogin(issuer: string, home: string): Promise<BrowserLogin> {
  const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: join(home, "state") });
  const running = runCli(["login", "--browser", "--json", "--issuer", issuer], {
    version: "0.0.0",
    serve: async () => 0,
    terminal,
  });
  await expect.poll(() => terminal.out(), { timeout: 5_000, interval: 10 }).toContain("\n");
  const { event, url } = JSON.parse(terminal.out().split("\n")[0] ?? "") as { event: string; url: string };
  expect(event).toBe("authorization");
  const request = new URL(url);
  return {
    url: request,
    redirectUri: request.searchParams.get("redirect_uri") ?? "",
    end: running.then((exitCode) => ({ exitCode, out: terminal.out(), err: terminal.err() })),
  };
}
