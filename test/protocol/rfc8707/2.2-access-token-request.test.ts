import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { claimsOf, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

/** The refresh tokens of one login of the cloudpass command and one of the client of gx1; each test uses the newest. */
let [cli, gx1] = ["", ""];
const broker = shared(boot);
beforeAll(async () => {
  const login = async (client_id: string) =>
    String((await logIn(broker.issuer, { client_id, scope: renewable })).body["refresh_token"]);
  [cli, gx1] = [await login("console-tool"), await login("gx1")];
});

const urn = (name: string) => `urn:cloudpass:target:${name}`;

describe("2.2: a refresh of the cloudpass command", () => {
  test.each<[string, string | undefined, string]>([
    ["a cloud", urn("gx1"), "gx1"],
    ["another cloud", urn("gx2"), "gx2"],
    ["a cluster", urn("prod1"), "prod1"],
    ["nothing", undefined, "the issuer"],
    ["an empty resource", "", "the issuer"],
    ["the issuer itself", "ISSUER", "the issuer"],
    ["a target that is not there", urn("gx9"), "400 invalid_target"],
    ["a bare name", "gx1", "400 invalid_target"],
    ["another spelling", urn("GX1"), "400 invalid_target"],
    ["something behind the name", `${urn("gx1")}/admin`, "400 invalid_target"],
    ["a line break behind the name", `${urn("gx1")}\n`, "400 invalid_target"],
    ["a foreign address", "https://api.gx1.example:5000/v3", "400 invalid_target"],
    ["a property of objects", urn("constructor"), "400 invalid_target"],
    ["a relative address", "/v3", "400 invalid_target"],
    ["a fragment", `${urn("gx1")}#x`, "400 invalid_target"],
    ["a query", `${urn("gx1")}?x`, "400 invalid_target"],
    ["another scheme", "URN:cloudpass:target:gx1", "400 invalid_target"],
    ["two in one", `${urn("gx1")} ${urn("gx2")}`, "400 invalid_target"],
  ])("for %s", async (_what, resource, audience) => {
    const wish = resource === undefined ? {} : { resource: resource === "ISSUER" ? broker.issuer : resource };
    const answer = await refresh(broker.issuer, cli, wish);
    if (answer.status !== 200) return expect(outcome(answer)).toBe(audience);
    cli = String(answer.body["refresh_token"]);
    expect(claimsOf(answer.body["access_token"])["aud"]).toBe(audience === "the issuer" ? broker.issuer : audience);
  });

  test("for two resources at once is refused, in any order, and nothing is rotated", async () => {
    const two = `grant_type=refresh_token&client_id=console-tool&refresh_token=${cli}&resource=${urn("gx1")}&resource=${urn("gx2")}`;
    expect(outcome(await postForm(`${broker.issuer}/token`, two))).toBe("400 invalid_target");
    const answer = await refresh(broker.issuer, cli);
    expect(outcome(answer)).toBe("200");
    cli = String(answer.body["refresh_token"]);
  });
});

describe("2.2: a refresh of a target's own client", () => {
  test.each<[string, string | undefined, string]>([
    ["nothing", undefined, "gx1"],
    ["its own target", urn("gx1"), "gx1"],
    ["another target", urn("gx2"), "400 invalid_target"],
    ["the issuer", "ISSUER", "400 invalid_target"],
  ])("for %s", async (_what, resource, audience) => {
    const wish = resource === undefined ? {} : { resource: resource === "ISSUER" ? broker.issuer : resource };
    const answer = await refresh(broker.issuer, gx1, { client_id: "gx1", ...wish });
    if (answer.status !== 200) return expect(outcome(answer)).toBe(audience);
    gx1 = String(answer.body["refresh_token"]);
    expect(claimsOf(answer.body["access_token"])["aud"]).toBe(audience);
  });
});
