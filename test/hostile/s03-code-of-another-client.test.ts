import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { decideInBrowser, embeddedVisitor, poll, startDevice } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

test.each(["before", "after"])(
  "S-03: a stolen code in another client's hands, %s approval: nobody gets tokens, and one event says so",
  async (when) => {
    const { device_code, verification_uri_complete } = await startDevice(broker.issuer, { client_id: "gx1" });
    if (when === "after")
      await decideInBrowser(verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", new Browser());
    const burnt = () => broker.lines.filter((l) => l.includes('"device.burnt"')).length;
    const before = burnt();
    for (const thief of ["gx2", "console-tool", "gx2"]) {
      expect(outcome(await poll(broker.issuer, { client_id: thief, device_code }))).toBe("400 invalid_grant");
    }
    expect(outcome(await poll(broker.issuer, { client_id: "gx1", device_code }))).toBe("400 access_denied");
    expect(burnt() - before).toBe(1);
  },
);

test("S-03: a code that was redeemed already tells the thief nothing and harms nobody", async () => {
  const { device_code, verification_uri_complete } = await startDevice(broker.issuer, { client_id: "gx1" });
  await decideInBrowser(verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", new Browser());
  expect(outcome(await poll(broker.issuer, { client_id: "gx1", device_code }))).toBe("200");
  expect(outcome(await poll(broker.issuer, { client_id: "gx2", device_code }))).toBe("400 invalid_grant");
});
