import type { Browser } from "./browser.ts";
import { decideInBrowser, embeddedVisitor, type JsonAnswer, postForm } from "./device-login.ts";
import { renewable } from "./drive.ts";
import type { KeyHolder } from "./key-holder.ts";

type Fields = Readonly<Record<string, string>>;

/** Requests of `console-tool` to the token endpoint, each with a proof of a key (RFC 9449) or, with `undefined`, without. */
export interface ProvenRequests {
  /** A device login that Bob has approved; answers its device code. */
  approved(form?: Fields, headers?: Fields): Promise<string>;
  atToken(form: Fields, key: KeyHolder | undefined): Promise<JsonAnswer>;
  redeem(deviceCode: string, key: KeyHolder | undefined, client?: string): Promise<JsonAnswer>;
  refresh(login: JsonAnswer, key: KeyHolder | undefined, more?: Fields): Promise<JsonAnswer>;
}

export function provenRequests(broker: { readonly issuer: string }, browser: Browser): ProvenRequests {
  const client_id = "console-tool";
  const atToken: ProvenRequests["atToken"] = async (form, key) => {
    const headers = key ? { dpop: await key.proof("POST", `${broker.issuer}/token`) } : {};
    return postForm(`${broker.issuer}/token`, { client_id, ...form }, headers);
  };
  return {
    approved: async (form = {}, headers = {}) => {
      const wish = { client_id, scope: renewable, ...form };
      const { body } = await postForm(`${broker.issuer}/device_authorization`, wish, headers);
      const link = String(body["verification_uri_complete"]);
      await decideInBrowser(link, embeddedVisitor("bob@a.example"), "approve", browser);
      return String(body["device_code"]);
    },
    atToken,
    redeem: (device_code, key, client = client_id) =>
      atToken({ grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: client, device_code }, key),
    refresh: ({ body }, key, more = {}) =>
      atToken({ grant_type: "refresh_token", refresh_token: String(body["refresh_token"]), ...more }, key),
  };
}
