import type { Browser } from "../../support/browser.ts";
import { type DeviceStart, decideInBrowser, embeddedVisitor, poll, startDevice } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";

type Fields = Readonly<Record<string, string>>;

/** A program of the cloud gx1 that logs in, and Bob, who decides in this browser. */
export const deviceOfGx1 = (broker: { readonly issuer: string }, browser: Browser) => ({
  start: (more: Fields = {}): Promise<DeviceStart> => startDevice(broker.issuer, { client_id: "gx1", ...more }),
  ask: async ({ device_code }: DeviceStart, more: Fields = {}): Promise<string> =>
    outcome(await poll(broker.issuer, { client_id: "gx1", device_code, ...more })),
  end: (s: DeviceStart, decision: "approve" | "deny") =>
    decideInBrowser(s.verification_uri_complete, embeddedVisitor("bob@a.example"), decision, browser),
});
