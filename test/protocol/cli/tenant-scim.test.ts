import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { askScim, scimYaml, user } from "../../support/scim.ts";
import { shared } from "../../support/shared.ts";

// Alice lets the identity provider of customer A push its people.

const broker = shared(() => boot({ yaml: scimYaml(false) }));
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-scim-"));
  await browserLogin(broker.issuer, home, "alice@a.example");
});
afterAll(() => rm(home, { recursive: true }));

const run = (words: string) =>
  runCommand(["tenant", "scim", ...words.split(" ")], {
    env: { HOME: home, XDG_STATE_HOME: join(home, "state"), CLOUDPASS_ISSUER: broker.issuer },
  });

test("a token is shown once, pushes, is listed without its secret, and ends", { timeout: 60_000 }, async () => {
  expect(await run("list")).toEqual({ exitCode: 0, out: "none\n", err: "" });
  const made = await run("create-token --days 30");
  expect(made.exitCode).toBe(0);
  expect(made.out).toMatch(/^cloudpass-scim-[\w-]{43}\n$/);
  const secret = made.out.trim();
  expect(made.err).toContain(`The address to push to: ${broker.issuer}/scim/v2`);
  const id = /Token (\S+) of customer-a-idp, good until /.exec(made.err)?.[1] ?? "";
  expect((await askScim(broker.issuer, secret, "/Users", { method: "POST", body: user("ann") })).status).toBe(201);

  const listed = await run("list");
  expect(listed.out).toMatch(new RegExp(`^TOKEN .*GOOD UNTIL\n${id} +customer-a-idp +p-[0-9a-f]{40} `));
  expect(listed.out).not.toContain(secret);
  expect(JSON.parse((await run("list --output json")).out)).toMatchObject({
    tenant: "customer-a",
    tokens: [{ token: id, identity_provider: "customer-a-idp" }],
  });

  expect(await run(`revoke ${id}`)).toEqual({ exitCode: 0, out: `Revoked: token ${id} of customer-a-idp\n`, err: "" });
  expect((await askScim(broker.issuer, secret, "/Users")).status).toBe(401);
  expect((await run(`revoke ${id}`)).err).toBe("cloudpass: there is no such token\n");
});

test("what cannot be is said", async () => {
  expect((await run("create-token --days many")).err).toContain("--days many is no number of days");
  const other = await run("create-token --idp customer-b-idp");
  expect([other.exitCode, other.err]).toEqual([1, expect.stringContaining("no such identity provider")]);
});
