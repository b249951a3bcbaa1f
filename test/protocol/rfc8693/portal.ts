import type { Browser } from "../../support/browser.ts";
import type { WithClients } from "../../support/clients.ts";
import type { JsonAnswer } from "../../support/device-login.ts";
import { logIn, renewable } from "../../support/drive.ts";
import { exchangeAtPortal } from "../../support/exchange.ts";

/** Bob logs in with this browser, and the portal trades his token. */
export const portalOf = (broker: WithClients, browser: Browser) => ({
  login: (client_id = "console-tool", scope = renewable): Promise<JsonAnswer> =>
    logIn(broker.issuer, { client_id, scope }, { browser }),
  exchange: (token: unknown, form?: Readonly<Record<string, string>>): Promise<JsonAnswer> =>
    exchangeAtPortal(broker, token, form),
});
