import { expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { decideInBrowser, embeddedVisitor, poll, startDevice } from "../../support/device-login.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";

const people = demoPeople();
const guest = { name: "Gina Gast", email: "gina@a.example", groups: [], password: "gina" };
const broker = shared(() =>
  boot({ people: { ...people, "customer-a-idp": { ...people["customer-a-idp"], gina: guest } } }),
);

// Seen red: only who had a right already could be given one.
test("somebody without any right, who tried to log in, is found by the tenant's manager", async () => {
  const start = await startDevice(broker.issuer, { client_id: "cloudpass", scope: "openid groups offline_access" });
  await decideInBrowser(start.verification_uri_complete, embeddedVisitor(guest.email), "approve");
  const { status } = await poll(broker.issuer, { client_id: "cloudpass", device_code: start.device_code });
  expect(status).toBe(400);
  const alice = await consoleToken(broker.issuer, "alice@a.example");
  const { body } = await askConsole(broker.issuer, alice, "/tenants/customer-a/people?search=gina");
  expect(body["items"]).toMatchObject([{ name: "Gina Gast", email: "gina@a.example" }]);
});
