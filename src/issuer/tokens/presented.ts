import { type BearerError, err, ok, type Result, refusal } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { livingLogin } from "../logins/living.ts";
import type { Login } from "../logins/login.ts";
import { type ArrivedProof, readProof } from "./proof.ts";
import type { VerifiedToken } from "./verify.ts";

/** An access token that was presented rightly, and the living login behind it. */
interface Presented {
  readonly token: VerifiedToken;
  readonly login: Login;
}

/** A token as it arrives: the Authorization header, and the proof of its key if there is one. */
export interface ArrivedToken extends ArrivedProof {
  readonly authorization: string | undefined;
}

const wrong = (message: string, detail?: string) => err(refusal("invalid_token", message, detail));

type Deps = Pick<IssuerDeps, "issuer" | "clock" | "store" | "seal" | "verifyAccessToken" | "networks" | "clients">;

/**
 * The access token of a request to one of our own APIs: by the Bearer scheme (RFC 6750 section 2.1), or by the DPoP scheme
 * with a proof of the key that the token is bound to (RFC 9449 section 7.1). A bound token is never taken as a bearer.
 * @param accepts whether this API is what the token is for
 */
export async function readPresented(
  deps: Deps,
  arrived: ArrivedToken,
  accepts: (token: VerifiedToken) => boolean,
): Promise<Result<Presented, BearerError>> {
  const brought = arrived.authorization ?? "";
  if (!/^(bearer|dpop) +[^ ]/i.test(brought)) return err(refusal("token_missing", "an access token is needed"));
  const [, scheme = "", text = ""] = /^(bearer|dpop) +([^ ]+)$/i.exec(brought) ?? [];
  if (text === "") return wrong("the token is not valid", "something stands behind it");
  const verified = await deps.verifyAccessToken(text);
  if (!verified.ok) return verified;
  const token = verified.value;
  if (!accepts(token)) return wrong("the token is not valid", "for another audience");
  const fault = await keyFault(deps, arrived, scheme.toLowerCase(), text, token);
  if (fault) return err(fault);
  const login = await livingLogin(deps, token);
  return login ? ok({ token, login }) : wrong("the login is over", "the login is gone, or the token was revoked");
}

async function keyFault(
  deps: Deps,
  arrived: ArrivedProof,
  scheme: string,
  text: string,
  { jkt, clientId }: VerifiedToken,
): Promise<BearerError | undefined> {
  if (jkt === undefined) {
    return scheme === "dpop"
      ? refusal("invalid_token", "the token is bound to no key: use the Bearer scheme")
      : undefined;
  }
  if (scheme !== "dpop") return refusal("invalid_token", "the token is bound to a key: use the DPoP scheme");
  const proof = await readProof(deps, arrived, { accessToken: text, of: deps.clients.get(clientId) });
  if (!proof.ok) return proof.refusal;
  if (proof.value === undefined) return refusal("invalid_dpop_proof", "the DPoP header is missing");
  return proof.value === jkt ? undefined : refusal("invalid_token", "the token is bound to another key");
}
