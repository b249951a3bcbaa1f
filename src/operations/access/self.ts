import type { Person } from "../../core/index.ts";
import type { AccessRequest } from "./record.ts";

type Account = Pick<AccessRequest, "sub" | "tenant" | "realmSubject" | "subject" | "email">;

/**
 * Whether somebody is the asker, be it by another account: the same person here or at Keycloak, the same subject at an identity
 * provider of the tenant, or the same address. In doubt it is: then somebody else decides.
 */
export function isSelf(
  asker: Account,
  person: Pick<Person, "sub" | "tenant" | "realmSubject" | "email" | "claims">,
): boolean {
  const isSameSubject = asker.tenant === person.tenant && asker.subject === person.claims["sub"];
  const isSameAddress = asker.email !== undefined && asker.email.toLowerCase() === person.email?.toLowerCase();
  return asker.sub === person.sub || asker.realmSubject === person.realmSubject || isSameSubject || isSameAddress;
}
