import { describe, expect, test } from "vitest";
import { endHoldings, holdingsOf } from "../../src/issuer/account/holdings.ts";
import { loginKind } from "../../src/issuer/logins/login.ts";
import { boot } from "../support/boot.ts";
import { Browser, heading, type Page, plainText } from "../support/browser.ts";
import { codeRequest, toCodeConfirmation } from "../support/code-login.ts";
import { decideInBrowser, embeddedVisitor, signIn, startDevice, toConfirmation } from "../support/device-login.ts";
import { crowd } from "../support/embedded-idp.ts";
import { shared } from "../support/shared.ts";
import { kit, logIn, somebody } from "../unit/issuer/kit.ts";

// Seen red: with the owner left out of `findShown` and the cookie out of `findFlow`, Eve reads whose login waits where; with
// the look-up left out of `endHoldings`, she ends it.

const broker = shared(() => boot({ people: crowd }));
const [victim, eve] = [embeddedVisitor("u0@a.example"), embeddedVisitor("u1@a.example")];
const flowOf = (page: Page) => new URL(page.url).searchParams.get("flow") ?? "";

/** What the page says, without the number of the request. */
const said = (page: Page) => `${page.status} ${plainText(page).replace(/[0-9a-f-]{36}/g, "ID")}`;

/** References of the victim's, each as Eve might have read it over a shoulder or in a log. */
const references: [string, () => Promise<[path: string, id: string]>][] = [
  [
    "a device login that waits for its confirmation",
    async () => {
      const { verification_uri_complete } = await startDevice(broker.issuer, { client_id: "gx1" });
      return ["/device/confirm", flowOf(await toConfirmation(new Browser(), verification_uri_complete, victim))];
    },
  ],
  [
    "a device login that was confirmed",
    async () => {
      const { verification_uri_complete } = await startDevice(broker.issuer, { client_id: "gx1" });
      return [
        "/device/done",
        flowOf(await decideInBrowser(verification_uri_complete, victim, "approve", new Browser())),
      ];
    },
  ],
  [
    "a browser login that waits for its confirmation",
    async () => {
      const page = await toCodeConfirmation(codeRequest(broker.issuer, "gx1"), victim, new Browser());
      expect(heading(page)).toBe("Log in to a program?");
      return ["/authorize/confirm", flowOf(page)];
    },
  ],
];

describe("S-46: somebody else's reference", () => {
  test.each(references)("%s is not there, in the words for one that never was", async (_what, make) => {
    const [path, id] = await make();
    expect(id).toMatch(/^[\w-]{20,}$/);
    const browser = new Browser();
    await signIn(browser, `${broker.issuer}/device`, eve);
    const invented = [...id].reverse().join("");
    const [foreign, none] = [
      await browser.open(`${broker.issuer}${path}?flow=${id}`),
      await browser.open(`${broker.issuer}${path}?flow=${invented}`),
    ];
    expect(foreign.status).toBe(400);
    expect(said(foreign)).toBe(said(none));
    expect(foreign.text).not.toMatch(/u0|form_token/);
  });

  test("ends nothing though the form's own check be passed: the id is looked up among one's own", async () => {
    const k = kit();
    const [ann, session] = [somebody("ann"), await k.signIn(somebody("eve"))];
    await logIn(k, ann);
    const theirs = await k.signIn(ann);
    const [login] = await k.store.list(loginKind, { kind: "person", sub: ann.sub });
    const before = k.events.length;
    const wishes = [
      { what: "login", id: String(login?.id), disowned: true },
      { what: "session", id: theirs.id },
      { what: "all" },
    ] as const;
    const deps = { ...k.parts, notifyClient: () => {} };
    for (const wish of wishes) await endHoldings(deps, session, "198.51.100.9", wish);
    const left = await holdingsOf(k.parts, theirs);
    expect([left.logins.map((l) => l.id), left.here?.id]).toEqual([[login?.id], theirs.id]);
    expect(k.events.slice(before)).toEqual([]);
    await endHoldings(deps, theirs, "198.51.100.9", wishes[0]);
    expect((await holdingsOf(k.parts, theirs)).logins).toEqual([]);
  });
});
