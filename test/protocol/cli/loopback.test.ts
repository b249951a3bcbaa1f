import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { startBrowserLogin } from "../../support/browser-login.ts";
import { toCodeConfirmation } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";

let booted: Booted;
let home: string;
beforeAll(async () => {
  booted = await boot();
  home = await mkdtemp(join(tmpdir(), "cloudpass-loopback-"));
});
afterAll(async () => {
  await booted.stop();
  await rm(home, { recursive: true });
});

/** `cloudpass login --browser`, with a scripted browser on the same machine. */
async function login(decision: "approve" | "deny") {
  const { url, end } = await startBrowserLogin(booted.issuer, join(home, decision));
  const browser = new Browser();
  const page = await toCodeConfirmation({ url: url.href }, embeddedVisitor("bob@a.example"), browser, "http://nowhere");
  const last = await browser.submit(page, { decision });
  return { ...(await end), last };
}

describe("cloudpass login with the browser of this machine (RFC 8252)", { timeout: 30_000 }, () => {
  it("comes back to the very process that asked, and is told in the browser and the terminal", async () => {
    const { exitCode, last, err } = await login("approve");
    expect(err).toContain("as Bob Behrens (bob) of customer-a.");
    expect(exitCode).toBe(0);
    expect(heading(last)).toBe("Logged in");
  });

  it("with --fresh asks a person who is signed in to prove again who it is", async () => {
    const asked = async (more: readonly string[]) => {
      const { url, end } = await startBrowserLogin(booted.issuer, join(home, "fresh"), more);
      const browser = new Browser();
      const visitor = embeddedVisitor("bob@a.example");
      const page = await toCodeConfirmation({ url: url.href }, visitor, browser, "http://nowhere");
      await browser.submit(page, { decision: "deny" });
      await end;
      return url.searchParams.get("prompt");
    };
    expect([await asked([]), await asked(["--fresh"])]).toEqual([null, "login"]);
  });

  it("a refusal ends it with words for the person", async () => {
    const { exitCode, last, err, out } = await login("deny");
    expect(exitCode).toBe(1);
    expect(err).toContain("the login was denied");
    expect(out).toContain('"denied"');
    expect(heading(last)).toBe("Not logged in");
  });
});
