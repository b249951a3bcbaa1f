import { no, ok, type Refusal, type Result, refusal } from "../../core/index.ts";
import type { Request } from "../../http/index.ts";
import type { Client } from "./registry.ts";

const unknown = (because: string): { ok: false; refusal: Refusal } =>
  no(refusal("invalid_client", "the client is not known, or its credentials are wrong", because));

/**
 * Which client asks. Public clients name themselves in the body or by HTTP Basic with an empty secret (oidc-agent always
 * sends Basic; keystoneauth sends both). A secret offered by a public client is wrong, and looks like an unknown client (S-58).
 */
export function authenticateClient(request: Request, clients: ReadonlyMap<string, Client>): Result<Client> {
  const inBody = request.form.get("client_id");
  const basic = readBasic(request.authorization);
  if (basic === "malformed") return unknown("malformed Authorization header");
  if (basic && inBody !== undefined && basic.id !== inBody) {
    return no(refusal("invalid_request", "client_id differs between header and body"));
  }
  const id = basic?.id ?? inBody;
  if (id === undefined) return no(refusal("invalid_request", "client_id is missing"));
  const client = clients.get(id);
  if (!client) return unknown("unknown client_id");
  const secret = basic?.secret || request.form.get("client_secret") || "";
  if (secret !== "") return unknown("a public client sent a secret");
  return ok(client);
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are put together. */
function readBasic(header: string | undefined): { id: string; secret: string } | "malformed" | undefined {
  if (header === undefined || !/^basic /i.test(header)) return undefined;
  const text = Buffer.from(header.slice(6).trim(), "base64").toString("utf8");
  const at = text.indexOf(":");
  if (at < 1) return "malformed";
  try {
    return {
      id: decodeURIComponent(text.slice(0, at)),
      secret: decodeURIComponent(text.slice(at + 1).replaceAll("+", " ")),
    };
  } catch {
    return "malformed";
  }
}
