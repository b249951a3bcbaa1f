import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { Client } from "./registry.ts";

const longest = 1024;
const usual = ["openid", "profile"];

/** The scopes a client asks for. Anything it may not have is refused by name, never dropped in silence. */
export function readScope(
  client: Pick<Client, "id" | "scopes">,
  text: string | undefined,
): Result<readonly string[], OAuthError> {
  if (text === undefined || /^ *$/.test(text)) return ok(usual.filter((s) => client.scopes.includes(s)));
  if (text.length > longest) return err(refusal("invalid_scope", `scope may have ${longest} characters at most`));
  const asked = [...new Set(text.split(" ").filter((s) => s !== ""))];
  const foreign = asked.find((s) => !client.scopes.includes(s));
  if (foreign === undefined) return ok(asked);
  return err(refusal("invalid_scope", `the scope '${foreign.slice(0, 40)}' is not available to ${client.id}`));
}
