import { expect, test } from "vitest";
import { loginRefused } from "../../../src/core/index.ts";
import { boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import {
  type DeviceStart,
  embeddedVisitor,
  poll,
  postForm,
  startDevice,
  toConfirmation,
} from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";

// One error code for all (RFC 8628 section 3.5); the description tells them apart, for whoever waits at the terminal.

const people = demoPeople();
Object.assign(people["customer-a-idp"] ?? {}, {
  carol: { name: "Carol Clemens", email: "carol@a.example", groups: ["platform"], password: "carol" },
});
const broker = shared(() =>
  boot({
    people,
    yaml: `trustedProxies: [127.0.0.1]
clients: [{id: strict, name: Strict tool, deviceOrigin: deny}]`,
  }),
);

const here = "203.0.113.7";

/** A device login that ends without tokens: what the page says, and what the program is told. */
async function ended(client_id: string, user: string, decision: string, address: string) {
  const asked = await postForm(`${broker.issuer}/device_authorization`, { client_id }, { "x-forwarded-for": here });
  const start = asked.body as unknown as DeviceStart;
  const browser = new Browser({ "x-forwarded-for": address });
  const page = await toConfirmation(browser, start.verification_uri_complete, embeddedVisitor(`${user}@a.example`));
  const last = heading(page) === "Is this you?" ? await browser.submit(page, { decision }) : page;
  const answer = await poll(broker.issuer, { client_id, device_code: start.device_code });
  expect(outcome(answer)).toBe("400 access_denied");
  return [heading(last), answer.body["error_description"]];
}

test.each([
  ["the person refused", "gx1", "bob", "deny", "Refused", loginRefused.refused],
  [
    "the person has no right anywhere",
    "gx1",
    "guest",
    "approve",
    "You have no rights there",
    loginRefused.nothingEntitled,
  ],
  [
    "the person's only right is one that a code does not carry",
    "gx1",
    "carol",
    "approve",
    "This needs a login in a browser beside the program",
    loginRefused.needsBrowser,
  ],
  ["it was begun elsewhere", "strict", "bob", "approve", "Started on another network", loginRefused.remote],
])("access_denied because %s", async (_why, client, user, decision, page, told) => {
  const address = client === "strict" ? "198.51.100.7" : here;
  expect(await ended(client, user, decision, address)).toEqual([page, told]);
});

test("access_denied because another client had the code", async () => {
  const start = await startDevice(broker.issuer, { client_id: "gx1" });
  await poll(broker.issuer, { client_id: "gx2", device_code: start.device_code });
  const answer = await poll(broker.issuer, { client_id: "gx1", device_code: start.device_code });
  expect([outcome(answer), answer.body["error_description"]]).toEqual(["400 access_denied", loginRefused.burnt]);
});
