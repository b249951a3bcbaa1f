import { expect, test } from "vitest";
import { Browser, forms, heading, type Page } from "../../support/browser.ts";
import { claimsOf } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";
import { bootSuite, type Flow, redirectUri } from "./relying-party.ts";

const suite = shared(() => bootSuite());
const told = (page: Page) => new URL(page.stopped ?? "https://nowhere.example").searchParams;
const idToken = ({ tokens }: Pick<Flow, "tokens">) => claimsOf(tokens.body["id_token"]);

/** The second request of a module, in the browser of the first: the person is asked to sign in, and does. */
async function signsInAgain(first: Flow, more: Record<string, string>): Promise<Record<string, unknown>> {
  const page = await first.browser.open(suite.ask(more), redirectUri);
  expect(heading(page)).toBe("Sign in");
  const asked = await first.browser.submit(page, { email: first.visitor.email });
  expect(forms(asked).some((form) => form.id === "login")).toBe(true);
  const name = first.visitor.email.split("@")[0] ?? "";
  const end = await first.browser.submit(
    asked,
    { username: name, password: name },
    { formId: "login", stopAt: redirectUri },
  );
  return claimsOf((await suite.redeem(new URL(end.stopped ?? ""))).body["id_token"]);
}

/** The second request of a module, answered without a page. */
async function answeredAtOnce(first: Flow, more: Record<string, string>): Promise<Record<string, unknown>> {
  const page = await first.browser.open(suite.ask(more), redirectUri);
  expect(told(page).get("error")).toBeNull();
  return claimsOf((await suite.redeem(new URL(page.stopped ?? ""))).body["id_token"]);
}

test("oidcc-prompt-login: the person signs in a second time, and the second ID token says so", async () => {
  const first = await suite.flow({ max_age: "15000" });
  suite.clock.advance(20);
  const second = await signsInAgain(first, { prompt: "login" });
  expect(second["sub"]).toBe(idToken(first)["sub"]);
  expect(Number(second["auth_time"])).toBeGreaterThan(Number(idToken(first)["auth_time"]));
});

test("oidcc-prompt-none-not-logged-in: an error by its name, and no page", async () => {
  const answer = told(await new Browser().open(suite.ask({ prompt: "none" }), redirectUri));
  expect([answer.get("error"), answer.get("state"), answer.has("code")]).toEqual(["login_required", "s1", false]);
});

test("oidcc-prompt-none-logged-in: a code at once, for the same sign-in", async () => {
  const first = await suite.flow();
  suite.clock.advance(20);
  const second = await answeredAtOnce(first, { prompt: "none" });
  for (const name of ["sub", "auth_time"]) expect(second[name], name).toEqual(idToken(first)[name]);
});

test("oidcc-max-age-1: after a second the person signs in again, and both ID tokens say when", async () => {
  const first = await suite.flow();
  suite.clock.advance(20);
  const second = await signsInAgain(first, { max_age: "1" });
  expect(Number(second["auth_time"])).toBeGreaterThan(Number(idToken(first)["auth_time"]));
});

test("oidcc-max-age-10000: a sign-in that is young enough is kept", async () => {
  const first = await suite.flow({ max_age: "15000" });
  suite.clock.advance(20);
  const second = await answeredAtOnce(first, { max_age: "10000" });
  expect(second["auth_time"]).toEqual(expect.any(Number));
  for (const name of ["sub", "auth_time"]) expect(second[name], name).toEqual(idToken(first)[name]);
});

test("oidcc-id-token-hint: prompt=none with the first ID token is answered for that person", async () => {
  const first = await suite.flow();
  const hint = String(first.tokens.body["id_token"]);
  const second = await answeredAtOnce(first, { prompt: "none", id_token_hint: hint });
  for (const name of ["sub", "auth_time"]) expect(second[name], name).toEqual(idToken(first)[name]);
});
