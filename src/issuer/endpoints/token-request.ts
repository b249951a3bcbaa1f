import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { Request } from "../../http/index.ts";
import type { CodeParameters } from "../grants/authorization-code.ts";
import type { ClientCredentialsParameters } from "../grants/client-credentials.ts";
import type { DeviceCodeParameters } from "../grants/device-code.ts";
import type { ExchangeParameters } from "../grants/exchange.ts";
import type { RefreshParameters } from "../grants/refresh.ts";

type Form = Request["form"];

/*
 * What each grant is asked with at the token endpoint. A grant sees no form.
 */

const missing = (name: string) => err(refusal("invalid_request", `${name} is missing`));

export function readCode(form: Form): Result<CodeParameters, OAuthError> {
  const code = form.get("code");
  if (code === undefined) return missing("code");
  const redirectUri = form.get("redirect_uri");
  return ok({ code, redirectUri, codeVerifier: form.get("code_verifier"), resource: form.get("resource") });
}

export function readDeviceCode(form: Form): Result<DeviceCodeParameters, OAuthError> {
  const deviceCode = form.get("device_code");
  if (deviceCode === undefined) return missing("device_code");
  return ok({ deviceCode, codeVerifier: form.get("code_verifier"), resource: form.get("resource") });
}

export function readRefresh(form: Form): Result<RefreshParameters, OAuthError> {
  const refreshToken = form.get("refresh_token");
  if (refreshToken === undefined) return missing("refresh_token");
  return ok({ refreshToken, scope: form.get("scope"), resource: form.get("resource") });
}

/** What is missing, the grant says: first whether the client may exchange at all. */
export const readExchange = (form: Form): Result<ExchangeParameters, OAuthError> =>
  ok({
    subjectToken: form.get("subject_token"),
    subjectTokenType: form.get("subject_token_type"),
    requestedTokenType: form.get("requested_token_type"),
    namesActor: form.has("actor_token") || form.has("actor_token_type"),
    scope: form.get("scope"),
    resource: form.get("resource"),
    audience: form.get("audience"),
  });

export const readClientCredentials = (form: Form): Result<ClientCredentialsParameters, OAuthError> =>
  ok({ scope: form.get("scope"), resource: form.get("resource") });
