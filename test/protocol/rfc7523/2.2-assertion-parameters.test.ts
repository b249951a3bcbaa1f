import { describe, expect, test } from "vitest";
import { assertionType, bootWithClients, resource } from "../../support/clients.ts";
import { postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";
import { robotAt } from "./robot.ts";

const clock = heldClock();
const stranger = await keyHolder("ES256", clock);
const broker = shared(() => bootWithClients({ clock }));
const { make, send } = robotAt(broker);

describe("2.2: a client assertion", () => {
  test.each<[string, Record<string, string>, string]>([
    ["another type", { client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer" }, "400"],
    ["no type", { client_assertion_type: "" }, "400"],
    ["another client_id", { client_id: "cd" }, "400"],
    ["a secret besides", { client_secret: "x" }, "400"],
  ])("with %s is an invalid request", async (_what, more, status) => {
    expect(outcome(await send(await make(), more))).toBe(`${status} invalid_request`);
  });

  test("counts in the body alone, and once", async () => {
    const fields = { client_assertion_type: assertionType, client_assertion: await make() };
    const form = { grant_type: "client_credentials", resource: resource("gx1") };
    const inQuery = `${broker.issuer}/token?${new URLSearchParams(fields)}`;
    expect(outcome(await postForm(inQuery, form))).toBe("400 invalid_request");
    const twice = `${new URLSearchParams({ ...form, ...fields })}&client_assertion=${fields.client_assertion}`;
    expect(outcome(await postForm(`${broker.issuer}/token`, twice))).toBe("400 invalid_request");
    expect(outcome(await send(fields.client_assertion)), "neither used it up").toBe("200");
  });

  test("is no grant: the JWT bearer grant is not offered", async () => {
    const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    expect(outcome(await send(await make(), { grant_type, assertion: await make() }))).toBe(
      "400 unsupported_grant_type",
    );
  });

  test("proves the client at each endpoint that asks for one", async () => {
    for (const path of ["/introspect", "/revoke"]) {
      expect((await broker.asKeyed(path, "front", { token: "x" })).status, path).toBe(200);
    }
    expect(outcome(await broker.asKeyed("/device_authorization", "front", {}))).toBe("400 unauthorized_client");
  });

  test("a failure of a known client is in the audit log, that of an unknown one is not", async () => {
    await send(await stranger.assertion("ci", broker.issuer));
    await send(await stranger.assertion("nobody-42", broker.issuer));
    const said = broker.lines.filter((line) => line.includes('"client.refused"'));
    expect(said.some((line) => line.includes('"client":"ci"'))).toBe(true);
    expect(said.join()).not.toContain("nobody-42");
  });
});
