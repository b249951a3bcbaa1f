import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Browser, plainText } from "../../support/browser.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Bob gets a token for a cloud. Alice, who manages customer A, sees when, and before she takes it from him that he uses it.

const clock = heldClock();
const broker = shared(() => bootWithRepository({ clock }));
let alice: string;
let bobs: string;
let env: Record<string, string>;
const browser = new Browser();

beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), "cloudpass-last-token-"));
  await browserLogin(broker.issuer, home, "bob@a.example");
  env = { HOME: home, XDG_STATE_HOME: join(home, "state"), CLOUDPASS_ISSUER: broker.issuer };
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  await signIn(browser, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  bobs = ((await ask("/people?search=bob")).body["items"] as { sub: string }[])[0]?.sub ?? "nobody";
});

async function ask(path: string) {
  const answer = await askConsole(broker.issuer, alice, `/tenants/customer-a${path}`);
  expect((await readDocument(broker.issuer))({ ...answer, method: "GET", path: `/tenants/customer-a${path}` })).toEqual(
    [],
  );
  return answer;
}

async function change(method: string, path: string, body?: unknown) {
  const headers = { "if-match": `"${await broker.head()}"` };
  return askConsole(broker.issuer, alice, `/tenants/customer-a${path}`, { method, headers, body });
}

test("a token for a cloud shows where the right, the grant and its loss are shown", { timeout: 60_000 }, async () => {
  const none = await ask(`/people/${bobs}`);
  expect(none.body["rights"]).toMatchObject([{ target: "gx1" }, {}, {}]);
  expect(JSON.stringify(none.body)).not.toContain("last_token");
  const since = new Date().toISOString().slice(0, 10);
  expect((await runCommand(["token", "--target", "gx1"], { env })).exitCode).toBe(0);
  await expect
    .poll(async () => (await ask(`/people/${bobs}`)).body["rights"])
    .toMatchObject([
      { target: "gx1", last_token: expect.stringContaining(since) },
      { target: "gx2" },
      { target: "prod1" },
    ]);
  // What lists show is half a minute old at most.
  clock.advance(31);
  const grant = await ask("/grants/dev");
  expect(grant.body).toMatchObject({
    last_token: expect.stringContaining(since),
    people_now: expect.arrayContaining([
      expect.objectContaining({ name: "Bob Behrens", last_token: expect.stringContaining(since) }),
      expect.not.objectContaining({ last_token: expect.anything() }),
    ]),
  });
  const given = await change("POST", "/grants", { set: "auditor", to: { person: bobs }, at: ["gx1"], id: "for-bob" });
  expect(given.status).toBe(201);
  expect((await ask("/grants/for-bob")).body["since"]).toMatchObject({ author: "Alice Ahrens" });
  expect(grant.body["since"]).toMatchObject({ author: "Maria Meier" });
  const shown = await change("DELETE", "/grants/for-bob?dry_run=true");
  const bob = { name: "Bob Behrens" };
  expect(shown.body["people"]).toMatchObject([
    { right: "gx1 projects-of customer-a reader", lose: [bob], lose_in_use: [bob] },
  ]);
  const page = await browser.open(`${broker.issuer}/console/customer-a/people/${bobs}`);
  expect(plainText(page)).toMatch(
    /Last got a token for it.*dev policy\.yaml:\d+ no end .* by Maria Meier 31 seconds ago/s,
  );
  clock.advance(30 * 86_400);
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  const later = await change("DELETE", "/grants/for-bob?dry_run=true");
  expect(later.body["people"]).toMatchObject([{ lose: [bob], lose_in_use: [] }]);
});
