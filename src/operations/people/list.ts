import { type Instant, isoTime, type SubjectId, type TenantName } from "../../core/index.ts";
import { peopleOfTenant } from "../../issuer/index.ts";
import type { BrokerState } from "../broker-state.ts";

/** Somebody who logged in lately, by name and by id. */
interface NamedByLogin {
  readonly sub: SubjectId;
  /** The name, or the user name where there is none. */
  readonly name: string;
  readonly username: string;
  readonly email?: string;
  readonly tenant: TenantName;
  readonly identityProvider: string;
  /** RFC 3339 */
  readonly lastLogin: string;
}

/** Everybody of these tenants who logged in lately, the last one first. Names are kept only where the policy has a console. */
export async function listPeopleByName(
  { tenants }: { readonly tenants: readonly TenantName[] },
  { store }: Pick<BrokerState, "store">,
): Promise<readonly NamedByLogin[]> {
  const opened = await store();
  const found = (await Promise.all(tenants.map((tenant) => peopleOfTenant({ store: opened }, tenant)))).flat();
  return found
    .sort((a, b) => b.at - a.at)
    .map(({ sub, tenant, identityProvider, preferredUsername, name, email, at }) => ({
      ...{ sub, tenant, identityProvider, username: preferredUsername },
      name: name ?? preferredUsername,
      ...(email !== undefined && { email }),
      lastLogin: isoTime(at as Instant),
    }));
}
