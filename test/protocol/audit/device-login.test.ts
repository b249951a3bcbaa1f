import { expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { decideInBrowser, embeddedVisitor, signIn } from "../../support/device-login.ts";
import { logIn, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

/** Names of the events written while `work` ran. */
async function events(work: () => Promise<unknown>): Promise<string[]> {
  const before = broker.lines.length;
  await work();
  return broker.lines.slice(before).flatMap((line) => /"event":"([\w.]+)"/.exec(line)?.[1] ?? []);
}

/** The entries written while `work` ran, as they stand in the log. */
async function entries(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const before = broker.lines.length;
  await work();
  return broker.lines.slice(before).flatMap((line) => {
    const { audit } = JSON.parse(line) as { audit?: Record<string, unknown> };
    return audit === undefined ? [] : [audit];
  });
}

const cli = { client_id: "console-tool", scope: renewable };
const browser = new Browser();

test("a device login leaves its whole way in the audit, in order", async () => {
  expect(await events(() => logIn(broker.issuer, cli, { browser }))).toEqual([
    "device.started",
    "login.started",
    "login.succeeded",
    "device.shown",
    "device.approved",
    "token.issued",
  ]);
});

test("each entry of a device login says which program, which login, who, and from where", async () => {
  const guest = new Browser();
  const done = await entries(() => logIn(broker.issuer, cli, { browser: guest }));
  const [started, shown, approved] = ["device.started", "device.shown", "device.approved"].map((event) =>
    done.find((entry) => entry["event"] === event),
  );
  const asked = { client: cli.client_id, flow: expect.stringMatching(/./), address: "127.0.0.1" };
  expect(started).toMatchObject(asked);
  const { flow } = started ?? {};
  const who = { sub: expect.stringMatching(/^p-/), flow };
  expect([shown, approved]).toMatchObject([
    { ...asked, ...who },
    { ...asked, ...who, groups: expect.arrayContaining([expect.stringMatching(/^cp\./)]) },
  ]);
});

test("so does what is refused: a wrong code, a forged way back, a target without a right", async () => {
  const wrong = async () =>
    browser.submit(await browser.open(`${broker.issuer}/device`), { user_code: "BCDF-GHJK-LMNP" });
  expect(await events(wrong)).toEqual(["device.unknown_code"]);
  expect(await events(() => browser.open(`${broker.issuer}/login/callback?state=x&code=y`))).toEqual(["login.refused"]);
  const login = await logIn(broker.issuer, cli, { browser });
  const bob = broker.idp.people["customer-a-idp"]?.["bob"];
  if (bob && broker.idp.people["customer-a-idp"]) broker.idp.people["customer-a-idp"]["bob"] = { ...bob, groups: [] };
  const resource = "urn:cloudpass:target:gx1";
  expect(await events(() => refresh(broker.issuer, login.body["refresh_token"], { resource }))).toEqual([
    "token.refused",
  ]);
});

test("and a person's own no", async () => {
  const guest = new Browser();
  await signIn(guest, `${broker.issuer}/device`, embeddedVisitor("alice@a.example"));
  const { verification_uri_complete } = (await (
    await fetch(`${broker.issuer}/device_authorization`, {
      method: "POST",
      body: new URLSearchParams({ client_id: "gx1" }),
    })
  ).json()) as { verification_uri_complete: string };
  const deny = () => decideInBrowser(verification_uri_complete, embeddedVisitor("alice@a.example"), "deny", guest);
  expect(await events(deny)).toEqual(["device.shown", "device.denied"]);
});

test("a wrong code says who typed it, and from where", async () => {
  const wrong = async () =>
    browser.submit(await browser.open(`${broker.issuer}/device`), { user_code: "BCDF-GHJK-LMNQ" });
  expect(await entries(wrong)).toMatchObject([
    { event: "device.unknown_code", sub: expect.stringMatching(/^p-/), address: "127.0.0.1" },
  ]);
});
