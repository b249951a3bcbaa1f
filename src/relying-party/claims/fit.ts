import { type Claims, err, ok, type PageError, type Result, refusal } from "../../core/index.ts";
import type { ClaimShape } from "../identity-providers/tables.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const email = /^[^\s@]{1,64}@[^\s@]{1,255}$/;

const fits: Readonly<Record<Exclude<ClaimShape["type"], "list">, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  uuid: (value) => typeof value === "string" && uuid.test(value),
  email: (value) => typeof value === "string" && email.test(value),
  bool: (value) => typeof value === "boolean" || value === "true" || value === "false",
  number: (value) => Number.isFinite(value) || (typeof value === "string" && /^-?[0-9]{1,15}$/.test(value)),
};

/**
 * Claims as the realm file says they are. One of another kind is neither taken nor taken for absent, which would give
 * rights in a `not`: it is unknown, said as a provider says that a list did not fit in (OpenID Connect Core 5.6.2).
 * Where the file says `overage: deny`, such a login is refused.
 */
export function fitClaims(shapes: readonly ClaimShape[], claims: Claims): Result<Claims, PageError> {
  const marker = claims["_claim_names"];
  const unknown = typeof marker === "object" && marker !== null ? { ...marker } : {};
  const left: Record<string, unknown> = { ...claims };
  for (const shape of shapes) {
    if (shape.overage === "deny" && Object.hasOwn(unknown, shape.name)) {
      const message =
        "Your identity provider could not say all of your groups, and your organization asks for all of them.";
      return err(refusal("login_failed", message, `${shape.name} did not fit into the token`));
    }
    if (claims[shape.name] === undefined || isAsSaid(shape, claims[shape.name])) continue;
    delete left[shape.name];
    Object.assign(unknown, { [shape.name]: "not as the realm file says" });
  }
  return ok(Object.keys(unknown).length === 0 ? left : { ...left, _claim_names: unknown });
}

/** Keycloak hands every imported claim on as a list. */
function isAsSaid({ type, of = "text" }: ClaimShape, value: unknown): boolean {
  const values = Array.isArray(value) ? value : [value];
  return type === "list" ? values.every(fits[of]) : values.length === 1 && fits[type](values[0]);
}
