import { beforeAll, expect, test } from "vitest";
import { Browser, heading, plainText } from "../../support/browser.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice sees who has what in a project and in a namespace of customer A, by page and by call.

const broker = shared(() => bootWithRepository());
const alice = new Browser();
let token: string;
let breaksDocument: Awaited<ReturnType<typeof readDocument>>;
beforeAll(async () => {
  await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  token = String(await consoleToken(broker.issuer, "alice@a.example"));
  breaksDocument = await readDocument(broker.issuer);
});
const ask = async (rest: string) => {
  const path = `/tenants/customer-a/places${rest}`;
  const answer = await askConsole(broker.issuer, token, path);
  expect(breaksDocument({ ...answer, method: "GET", path })).toEqual([]);
  return answer;
};
const open = (rest: string) => alice.open(`${broker.issuer}/console/customer-a/places${rest}`);

test("the places, and what one can be found by", async () => {
  const { body } = await ask("?search=gx1%20project");
  expect(body).toMatchObject({
    total: 2,
    items: [{ target: "gx1", kind: "project", name: "dev", people: 1 }, { name: "prod" }],
  });
  const page = plainText(await open("?search=namespace"));
  expect(page).toContain("prod1");
  expect(plainText(await open("?search=nowhere"))).toContain("Nothing is found by that.");
});

test("a project: who, which role, by which group or grant, and where it was given", async () => {
  const { status, body } = await ask("/gx1/project/dev");
  expect([status, body]).toMatchObject([
    200,
    { items: [{ person: { name: "Alice Ahrens" }, role: "member", grant: "dev", scope: "project customer-a/dev" }] },
  ]);
  const page = await open("/gx1/project/dev");
  expect([heading(page), plainText(page)]).toEqual([
    "gx1: dev",
    expect.stringMatching(/Alice Ahrens member dev developers: /),
  ]);
  expect(plainText(await open("/gx1/project/dev?search=nobody"))).toContain("Nothing is found by that.");
  for (const rest of ["/gx1/project/none", "/gx1/nothing/dev", "/gx9/project/dev"]) {
    expect((await ask(rest)).status).toBe(404);
    expect((await open(rest)).status).toBe(404);
  }
});

test("a namespace", async () => {
  const places = (await ask("?search=prod1%20namespace")).body["items"] as { kind: string; name: string }[];
  expect(places.length).toBeGreaterThan(0);
  for (const { kind, name } of places)
    expect((await ask(`/prod1/${kind}/${encodeURIComponent(name)}`)).status).toBe(200);
});
