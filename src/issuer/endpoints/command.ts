import { type BearerError, err, ok, type Result, refusal } from "../../core/index.ts";
import type { Request } from "../../http/index.ts";
import { commandClient } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import type { Login } from "../logins/login.ts";
import { readPresented } from "../tokens/presented.ts";
import type { VerifiedToken } from "../tokens/verify.ts";

type Deps = Pick<IssuerDeps, "clients" | "clock" | "issuer" | "networks" | "seal" | "store" | "verifyAccessToken">;

/**
 * The login of the command itself that asks, by a token for this issuer that is bound to its key: other programs of the
 * person have no business with what only the person is told, and a token that was copied opens nothing.
 */
export async function readCommand(
  deps: Deps,
  request: Request,
): Promise<Result<{ readonly login: Login; readonly token: VerifiedToken }, BearerError>> {
  const presented = await readPresented(deps, request, (token) => token.audience === deps.issuer);
  if (!presented.ok) return presented;
  const { token } = presented.value;
  if (token.clientId === commandClient && token.jkt !== undefined) return ok(presented.value);
  return err(refusal("insufficient_scope", "a login of the cloudpass command, bound to its key, is needed"));
}
