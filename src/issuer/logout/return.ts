import { err, ok, type PageError, type Result, refusal, sameText } from "../../core/index.ts";
import type { Fields } from "../../http/index.ts";
import { answerAt } from "../authorize/redirect.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { readIdTokenHint } from "../tokens/id-token-hint.ts";

/** Where a browser goes after signing out, if anywhere. */
export interface Return {
  readonly client?: Client;
  readonly location?: string;
}

/** The way back of a form whose session ended meanwhile, by its first sending: only to where the program may send people. */
export function againAfter(client: Client | undefined, location: string): Return {
  const state = URL.canParse(location) ? (new URL(location).searchParams.get("state") ?? undefined) : undefined;
  const isOwn = client?.postLogoutRedirectUris.some((uri) => [answerAt(uri, { state }), uri].includes(location));
  return client && isOwn ? { client, location } : {};
}

/** The address after signing out: only one that the client registered, named by an ID token of ours or by client_id. */
export async function readReturn(
  deps: Pick<IssuerDeps, "issuer" | "keys" | "clock" | "clients">,
  fields: Fields,
): Promise<Result<Return, PageError>> {
  const hint = fields.get("id_token_hint");
  const named = fields.get("client_id");
  const hinted = hint === undefined ? undefined : (await readIdTokenHint(deps, hint))?.audience;
  if (hint !== undefined && hinted === undefined)
    return err(refusal("invalid_request", "The id_token_hint is not one of ours."));
  if (hinted !== undefined && named !== undefined && hinted !== named) {
    return err(refusal("invalid_request", "client_id and id_token_hint name different programs."));
  }
  const client = deps.clients.get(hinted ?? named ?? "");
  const location = fields.get("post_logout_redirect_uri");
  if (location === undefined) return ok(client ? { client } : {});
  if (!client?.postLogoutRedirectUris.some((known) => sameText(known, location))) {
    return err(refusal("invalid_request", "The address to go to afterwards is not one of the program's."));
  }
  return ok({ client, location: answerAt(location, { state: fields.get("state") }) });
}
