import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, plainText } from "../support/browser.ts";
import { embeddedVisitor, postForm, signIn } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

const victim = embeddedVisitor("bob@a.example");

test("S-06: a login from this very machine is said to be one", async () => {
  const browser = new Browser();
  const here = await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" });
  const entry = await signIn(browser, String(here.body["verification_uri_complete"]), victim);
  expect(plainText(await browser.submit(entry, {}))).toContain("127.0.0.1 (the same network)");
});

test.each(["by its link", "by typing the code"])(
  "S-06: the page says code, program, address, agent, age, scopes and rights, reached %s",
  async (how) => {
    const form = { client_id: "prod1", scope: "openid email offline_access" };
    const start = (await postForm(`${broker.issuer}/device_authorization`, form, { "user-agent": "kubelogin/v1" }))
      .body;
    const browser = new Browser();
    const byLink = how === "by its link";
    const entry = await signIn(
      browser,
      String(start[byLink ? "verification_uri_complete" : "verification_uri"]),
      victim,
    );
    const confirm = await browser.submit(entry, byLink ? {} : { user_code: String(start["user_code"]) });
    const shown = [
      String(start["user_code"]),
      "Kubernetes cluster prod1",
      "127.0.0.1",
      "kubelogin/v1",
      "a moment ago",
      "see your e-mail address",
      "stay logged in",
      "edit on prod1",
    ];
    for (const part of shown) expect(plainText(confirm)).toContain(part);
    const decisions = forms(confirm)[0]
      ?.inputs.filter((i) => i.name === "decision")
      .map((i) => i.value);
    expect(decisions, "refusing comes first").toEqual(["deny", "approve"]);
  },
);
