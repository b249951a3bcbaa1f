import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { claimsOf } from "../../support/device-login.ts";
import { logIn } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const path = "/.well-known/openid-configuration";
const broker = shared(boot);

describe("4: the configuration document", () => {
  test("4.1: stands at the well-known path behind the issuer, and nowhere else", async () => {
    expect((await fetch(`${broker.issuer}${path}`)).status).toBe(200);
    for (const other of [`/x${path}`, "/.well-known/OpenID-Configuration", "/.well-known/openid"]) {
      expect((await fetch(`${broker.issuer}${other}`)).status, other).toBe(404);
    }
  });

  test("4.2: is an object in JSON, without members that are empty or null", async () => {
    const response = await fetch(`${broker.issuer}${path}`);
    expect(response.headers.get("content-type")).toBe("application/json");
    const body = (await response.json()) as object;
    const empty = Object.entries(body).filter(([, value]) => value === null || value === "" || value?.length === 0);
    expect(empty).toEqual([]);
  });

  test("4.3: its issuer is the iss of the ID tokens, and what the document's address begins with", async () => {
    const { issuer } = (await (await fetch(`${broker.issuer}${path}`)).json()) as { issuer: string };
    const { body } = await logIn(broker.issuer, { client_id: "gx1", scope: "openid" });
    expect([issuer, claimsOf(body["id_token"])["iss"]]).toEqual([broker.issuer, broker.issuer]);
  });

  test.each(["POST", "PUT", "DELETE"])("is not changed by %s", async (method) => {
    const response = await fetch(`${broker.issuer}${path}`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
  });
});
