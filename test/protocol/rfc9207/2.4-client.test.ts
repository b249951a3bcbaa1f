import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { startBrowserLogin } from "../../support/browser-login.ts";

let broker: Booted;
let home: string;
beforeAll(async () => {
  broker = await boot();
  home = await mkdtemp(join(tmpdir(), "cloudpass-rfc9207-"));
});
afterAll(async () => {
  await broker.stop();
  await rm(home, { recursive: true });
});

describe("rfc9207 2.4: the cloudpass command, in a mix-up of issuers,", () => {
  test.each<[string, (issuer: string) => Record<string, string>]>([
    ["another issuer", () => ({ iss: "https://evil.example" })],
    ["its issuer with a slash more: compared byte for byte", (issuer) => ({ iss: `${issuer}/` })],
    ["no issuer, though this one always says it", () => ({})],
  ])("redeems no code that comes from %s", async (_what, iss) => {
    const { url, redirectUri, end } = await startBrowserLogin(broker.issuer, home);
    const state = url.searchParams.get("state") ?? "";
    await fetch(`${redirectUri}?${new URLSearchParams({ code: "mixed-up", state, ...iss(broker.issuer) })}`);
    expect(await end).toMatchObject({ exitCode: 1, err: expect.stringMatching(/makes no sense.*[\s\S]*issuer|iss/) });
    expect(broker.lines.filter((l) => l.includes('"path":"/token"'))).toEqual([]);
  });

  test("does not believe an error of another issuer either", async () => {
    const { url, redirectUri, end } = await startBrowserLogin(broker.issuer, home);
    const state = url.searchParams.get("state") ?? "";
    const query = new URLSearchParams({ error: "access_denied", state, iss: "https://evil.example" });
    await fetch(`${redirectUri}?${query}`);
    const { exitCode, out } = await end;
    expect(exitCode).toBe(1);
    expect(out).not.toContain('"denied"');
  });
});
