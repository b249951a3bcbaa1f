import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { claimsOf, embeddedVisitor, signIn } from "../support/device-login.ts";
import { logIn, outcome } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(() =>
  boot({
    people: {
      "customer-a-idp": {
        alice: { name: "Alice", email: "alice@a.example", groups: ["developers"], password: "alice" },
      },
      // The same user name, the same e-mail address, verified, and the other customer's groups.
      "customer-b-idp": {
        alice: {
          name: "Alice",
          email: "alice@a.example",
          groups: ["developers", "cp.customer-a.developer"],
          password: "alice",
        },
      },
    },
  }),
);

describe("S-34: equal names at two identity providers", () => {
  test("are two persons of two tenants; no claim carries one into the other", async () => {
    const [a, b] = await Promise.all(
      ["alice@a.example", "alice@b.example"].map(async (email) =>
        claimsOf(
          (await logIn(broker.issuer, { client_id: "gx1", scope: "openid email" }, { email })).body["access_token"],
        ),
      ),
    );
    expect(a?.["email"]).toBe(b?.["email"]);
    expect(a?.["sub"]).not.toBe(b?.["sub"]);
    expect([a?.["tenant"], b?.["tenant"]]).toEqual([
      "urn:cloudpass:tenant:customer-a",
      "urn:cloudpass:tenant:customer-b",
    ]);
    expect([a?.["groups"], b?.["groups"]]).toEqual([["cp.customer-a.developer"], ["cp.customer-b.developer"]]);
  });

  test("who is signed in at the other customer's identity provider does not get in by asking for this one", async () => {
    const browser = new Browser();
    await signIn(browser, `${broker.issuer}/device`, embeddedVisitor("alice@b.example"));
    const page = await browser.submit(await browser.open(`${broker.issuer}/login?tenant=customer-a`), {});
    expect([page.status, heading(page)]).toEqual([403, "You signed in at another organization"]);
  });

  test("an organization nobody knows is refused by name and by link", async () => {
    const browser = new Browser();
    const first = await browser.open(`${broker.issuer}/login`);
    for (const [email, status] of [
      ["x@evil.example", 404],
      ["x@a.example.evil.example", 404],
      ["x@", 400],
      ["@a.example", 400],
      ["x@a.example@evil.example", 400],
    ] as const) {
      expect((await browser.submit(first, { email })).status, email).toBe(status);
    }
    for (const tenant of ["customer-c", "__proto__", "constructor"])
      expect((await browser.open(`${broker.issuer}/login?tenant=${tenant}`)).status).toBe(404);
    expect(outcome(await logIn(broker.issuer, { client_id: "gx1" }, { email: "alice@a.example" }))).toBe("200");
  });
});
