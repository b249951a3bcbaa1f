import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { askAuthorization, codeRequest, decideCode } from "../../support/code-login.ts";
import { embeddedVisitor, postForm } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

let said: string;
const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);
beforeAll(async () => {
  const metadata = (await (await fetch(`${broker.issuer}/.well-known/oauth-authorization-server`)).json()) as {
    issuer: string;
  };
  said = metadata.issuer;
});

describe("rfc9207 2: iss, once, and as the metadata says it, is in", () => {
  test.each(["approve", "deny"] as const)("the answer to %s", async (decision) => {
    const callback = await decideCode(codeRequest(broker.issuer, "prod1"), bob, decision, browser);
    expect(callback.searchParams.has(decision === "approve" ? "code" : "error")).toBe(true);
    expect(callback.searchParams.getAll("iss")).toEqual([said]);
  });

  test.each([
    ["an error told at once", { scope: "admin" }, "invalid_scope"],
    ["an error of nobody signed in", { prompt: "none" }, "login_required"],
    [
      "an error though the request claims another iss",
      { scope: "admin", iss: "https://evil.example" },
      "invalid_scope",
    ],
  ])("%s", async (_what, more, error) => {
    const { to } = await askAuthorization(codeRequest(broker.issuer, "prod1", more).url);
    expect(to?.searchParams.get("error")).toBe(error);
    expect(to?.searchParams.getAll("iss")).toEqual([said]);
  });

  test("the answer to a pushed request", async () => {
    const request = codeRequest(broker.issuer, "prod1", { prompt: "none" });
    const { body } = await postForm(`${broker.issuer}/par`, new URL(request.url).search.slice(1));
    const query = new URLSearchParams({ client_id: "prod1", request_uri: String(body["request_uri"]) });
    const { to } = await askAuthorization(`${broker.issuer}/authorize?${query}`);
    expect(to?.searchParams.getAll("iss")).toEqual([said]);
  });
});

test("rfc9207 3: the metadata says that answers carry iss", async () => {
  const response = await fetch(`${broker.issuer}/.well-known/openid-configuration`);
  expect(await response.json()).toMatchObject({ authorization_response_iss_parameter_supported: true });
});
