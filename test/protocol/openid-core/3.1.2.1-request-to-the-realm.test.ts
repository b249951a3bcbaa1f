import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

/** The authentication request that we send a browser to the realm with. */
async function toRealm(query = ""): Promise<URLSearchParams> {
  const browser = new Browser();
  const page = await browser.open(`${broker.issuer}/login${query}`);
  const left = await browser.submit(page, { email: "bob@a.example" }, { stopAt: broker.idp.issuer });
  return new URL(left.stopped ?? "http://nowhere").searchParams;
}

describe("3.1.2.1: we as relying party of the realm", () => {
  test("ask with every parameter that is required, and with state, nonce and PKCE", async () => {
    const asked = await toRealm();
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      client_id: "cloudpass",
      redirect_uri: `${broker.issuer}/login/callback`,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(asked.get("scope")?.split(" ")).toContain("openid");
    expect(asked.get("prompt")).toBeNull();
  });

  test("never use a state, nonce or challenge twice", async () => {
    const all = await Promise.all([toRealm(), toRealm()]);
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(new Set(all.map((asked) => asked.get(name))).size, name).toBe(2);
      expect(all[0]?.get(name)?.length).toBeGreaterThanOrEqual(43);
    }
  });

  test("ask the person to prove it anew when the program does", async () => {
    const asked = await toRealm("?fresh=yes");
    // With max_age the answer must say when it was proved.
    expect([asked.get("prompt"), asked.get("max_age")]).toEqual(["login", "0"]);
  });
});
