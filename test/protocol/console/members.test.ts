import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, forms, heading, plainText } from "../../support/browser.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { inMemoryMembers } from "../../support/members-in-memory.ts";
import { shared } from "../../support/shared.ts";

// Alice of customer A manages people who live in the realm, by the pages and by the API.

const house = inMemoryMembers((alias) => (alias === "customer-a-idp" ? "customer-a" : undefined));
const broker = shared(() => boot({ members: house.access }));
const alice = new Browser();
const at = (path: string) => `${broker.issuer}/console/customer-a${path}`;
let token: string;

beforeAll(async () => {
  await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  token = String(await consoleToken(broker.issuer, "alice@a.example"));
});

const zoe = { email: "zoe@c.example", "first-name": "Zoe", "last-name": "Zahn" };
const mails = () => house.asked.filter((what) => what.startsWith("mail")).length;

describe("by the pages", () => {
  test("somebody is invited, once, and a form that is wrong comes back as it was typed", async () => {
    const wrong = await alice.submit(await alice.open(at("/invite")), { ...zoe, email: "zoe", by: "mail" });
    expect([wrong.status, plainText(wrong)]).toEqual([422, expect.stringContaining("Type an e-mail address.")]);
    expect(wrong.text).toContain('value="Zahn"');
    const form = await alice.open(at("/invite"));
    const done = await alice.submit(form, { ...zoe, by: "mail" });
    expect([heading(done), plainText(done)]).toEqual(["Zoe Zahn", expect.stringContaining("The invitation was sent")]);
    expect(plainText(await alice.submit(form, { ...zoe, by: "mail" }))).toContain("No second mail was sent");
    expect(mails()).toBe(1);
    expect(plainText(await alice.open(at("/members")))).toMatch(
      /Zoe Zahn zoe@c\.example invited – none yet not logged in yet/,
    );
  });

  test("the invitation is sent again, accepted, and the member is disabled, enabled and removed", async () => {
    const page = await alice.open(at("/members/zoe%40c.example"));
    await alice.submit(page, {});
    expect(mails()).toBe(2);
    house.accept("zoe@c.example");
    for (const act of ["disable", "reset-second-factor"] as const) {
      const asked = await alice.open(at(`/members/zoe%40c.example/${act}`));
      expect((await alice.submit(asked, {})).status).toBe(200);
    }
    expect(house.asked).toEqual(expect.arrayContaining(["disable zoe@c.example", "forget zoe@c.example"]));
    const disabled = await alice.open(at("/members/zoe%40c.example"));
    expect(plainText(disabled)).toContain("State disabled");
    const enabled = await alice.submit(disabled, {});
    expect(plainText(enabled)).toContain("Enabled.");
    const gone = await alice.submit(await alice.open(at("/members/zoe%40c.example/remove")), {});
    expect([heading(gone), plainText(gone)]).toEqual(["Members", expect.stringContaining("Removed.")]);
    expect((await alice.open(at("/members/zoe%40c.example"))).status).toBe(404);
  });

  test("a member is put into a group and taken out of it, and into none that says who rules", async () => {
    await alice.submit(await alice.open(at("/invite")), { ...zoe, email: "gus@c.example", by: "mail" });
    const page = await alice.open(at("/members/gus%40c.example"));
    const ways = (one: typeof page) => forms(one).filter(({ action }) => action.endsWith("/groups"));
    const sent = async (one: typeof page, fields: Record<string, string>) => {
      const [form] = ways(one);
      if (form === undefined) throw new Error("no form");
      return alice.send(form, fields);
    };
    const joined = await sent(page, { group: "Entwickler" });
    expect(plainText(joined)).toMatch(/The groups were changed\. .*Groups Entwickler/);
    expect(plainText(await alice.open(at("/members?search=entwickler")))).toContain("gus@c.example");
    const refused = await sent(page, { group: "platform" });
    expect([refused.status, plainText(refused)]).toEqual([409, expect.stringContaining("who rules the domain")]);
    expect(plainText(await sent(joined, {}))).toMatch(/The groups were changed\. .*Groups none/);
  });

  test("a refusal is in German on a German page", async () => {
    const german = new Browser({ "accept-language": "de" });
    const visitor = embeddedVisitor("alice@a.example");
    const door = await german.open(`${broker.issuer}/login?to=console`);
    await visitor.signIn(german, await german.submit(door, { email: visitor.email }));
    await alice.submit(await alice.open(at("/invite")), { ...zoe, email: "gerd@c.example", by: "mail" });
    const page = await german.open(at("/members/gerd%40c.example"));
    const [form] = forms(page).filter(({ action }) => action.endsWith("/groups"));
    if (form === undefined) throw new Error(`no form: ${plainText(page)}`);
    const refused = await german.send(form, { group: "platform" });
    expect(refused.text).toContain(
      '<p class="problem" role="alert">„platform“ sagt in den Regeln, wer über die Domäne, die Konsole oder Zugriffsanfragen bestimmt.',
    );
  });

  test("a password for one sign-in is shown once, and in no address", async () => {
    const page = await alice.submit(await alice.open(at("/invite")), { ...zoe, by: "password" });
    expect(heading(page)).toBe("A password for one sign-in");
    expect(page.text).toMatch(/<code>[\w-]{20}<\/code>/);
    expect(page.url).toBe(at("/invite"));
    expect(house.asked.at(-1)).toBe("password zoe@c.example");
  });

  test("many are invited by a table, each once, and none while a row is wrong", async () => {
    const before = mails();
    const form = await alice.open(at("/invite-many"));
    const send = (table: string, step: string) => alice.submit(form, { table, step });
    const wrong = await send("email;Vorname;Nachname\r\nu@c.example;U;V\r\nnone;N;O", "invite");
    expect([wrong.status, plainText(wrong)]).toEqual([422, expect.stringContaining("3 none wrong: email: an e-mail")]);
    expect((await send("a,b\n1", "look")).status).toBe(422);
    const good = "email;Vorname;Nachname\r\nu@c.example;U;V\r\n";
    expect(plainText(await send(good, "look"))).toContain("2 u@c.example will be invited");
    expect(mails()).toBe(before);
    expect(plainText(await send(good, "invite"))).toContain("2 u@c.example invited");
    expect(plainText(await send(good, "invite"))).toContain("is there already");
    expect(mails()).toBe(before + 1);
  });

  test("a mail that cannot be sent leaves nobody half invited", async () => {
    house.mail.works = false;
    const page = await alice.submit(await alice.open(at("/invite")), { ...zoe, email: "max@c.example", by: "mail" });
    house.mail.works = true;
    expect([page.status, plainText(page)]).toEqual([409, expect.stringContaining("Keycloak could not send the mail")]);
    expect(plainText(await alice.open(at("/members?search=max")))).toContain("Nobody is found");
  });
});

test("who is invited stands among all people, marked as a member, and leads to the member's page", async () => {
  const form = await alice.open(at("/invite"));
  await alice.submit(form, { ...zoe, email: "yara@c.example", "first-name": "Yara", by: "mail" });
  const list = await alice.open(at("/people?search=yara"));
  expect(plainText(list)).toMatch(/Yara Zahn yara@c\.example yara@c\.example member here, invited not logged in yet/);
  expect(list.text).toContain('href="/console/customer-a/members/yara%40c.example"');
  const { body } = await askConsole(broker.issuer, token, "/tenants/customer-a/people?search=yara");
  expect(body).toMatchObject({ members: { state: "read" }, items: [{ kind: "member", state: "invited" }] });
  expect((body["items"] as object[])[0]).not.toHaveProperty("last_login");
});

test("who signed in and is a member leads to the member's page", async () => {
  const list = await alice.open(at("/people"));
  expect(plainText(list)).toMatch(/Alice Ahrens .*member here/);
  const address = /href="([^"]*people\/p-[^"]+)"/.exec(list.text)?.[1] ?? "";
  const page = await alice.open(`${broker.issuer}${address}`);
  expect(page.text).toContain('href="/console/customer-a/members/alice%40a.example">member here</a>');
});

describe("by the API", () => {
  test("everything is answered as the document says", async () => {
    const breaksIt = await readDocument(broker.issuer);
    const call = async (method: string, path: string, body?: unknown) => {
      const asked = `/tenants/customer-a/members${path}`;
      const answer = await askConsole(broker.issuer, token, asked, { method, ...(body !== undefined && { body }) });
      expect([asked, breaksIt({ ...answer, method, path: asked })]).toEqual([asked, []]);
      return answer;
    };
    const eva = { email: "Eva@c.example", first_name: "Eva", last_name: "E" };
    expect((await call("POST", "", eva)).body).toMatchObject({
      outcome: "invited",
      member: { email: "eva@c.example" },
    });
    expect((await call("POST", "", eva)).body).toMatchObject({ outcome: "there already" });
    expect((await call("POST", "", { ...eva, by: "password" })).body).not.toHaveProperty("first_password");
    const adam = { email: "adam@c.example", first_name: "Adam", last_name: "A", by: "password" };
    expect((await call("POST", "", adam)).body).toHaveProperty("first_password");
    expect((await call("POST", "", { ...eva, email: "x" })).status).toBe(422);
    expect((await call("PUT", "/eva%40c.example/groups/devs")).body).toMatchObject({ groups: ["devs"] });
    expect((await call("PUT", "/eva%40c.example/groups/platform")).status).toBe(403);
    expect((await call("DELETE", "/eva%40c.example/groups/devs")).body).toMatchObject({ groups: [] });
    const all = await askConsole(broker.issuer, token, "/tenants/customer-a/people");
    expect(breaksIt({ ...all, method: "GET", path: "/tenants/customer-a/people" })).toEqual([]);
    const people = [{ email: "u1@c.example", first_name: "U", last_name: "One" }];
    expect((await call("POST", "/import?dry_run=true", { people })).body).toMatchObject({ rows: [{ outcome: "new" }] });
    expect((await call("POST", "/import", { people })).body).toMatchObject({ rows: [{ outcome: "invited" }] });
    expect((await call("POST", "/import", { people })).body).toMatchObject({ rows: [{ outcome: "there already" }] });
    const one = "/eva%40c.example";
    expect((await call("POST", `${one}/invite-again`)).status).toBe(200);
    house.accept("eva@c.example");
    expect((await call("POST", `${one}/invite-again`)).status).toBe(409);
    expect((await call("POST", `${one}/disable`)).body).toMatchObject({ realm: "ended" });
    expect((await call("GET", "?search=eva")).body).toMatchObject({
      managed: "managed",
      items: [{ state: "disabled" }],
    });
    expect((await call("POST", `${one}/enable`)).body).toMatchObject({ state: "active" });
    expect((await call("POST", `${one}/reset-second-factor`)).body).toMatchObject({ second_factor: false });
    expect((await call("DELETE", one)).status).toBe(200);
    expect((await call("DELETE", one)).status).toBe(404);
  });
});
