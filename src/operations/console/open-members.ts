import type { BrokerConfig } from "../../config/index.ts";
import {
  type Clock,
  type IdentityProviderAlias,
  type Random,
  type SubjectId,
  subjectId,
  type TenantName,
} from "../../core/index.ts";
import { type Members, realmMembers } from "../../realms/index.ts";

/** The way to people who live in the realm, without an identity provider of their own (decision 0075). */
export interface MembersAccess {
  /** The organization whose members stand under an alias; absent: it is an identity provider's. */
  readonly organizationOf: (alias: string) => string | undefined;
  /** Absent: the broker has no account for it. */
  readonly open?: ((organization: string, alias: IdentityProviderAlias) => Members) | undefined;
  /** The broker's subject of an account. */
  readonly subOf: (id: string, tenant: TenantName) => SubjectId;
  readonly random: Random;
}

/** The way to the people who live in the broker's realm, by the account that the configuration names. Nothing is asked yet. */
export function openMembers(
  { issuer, clientId, members, timeout }: BrokerConfig["upstream"],
  organizationOf: MembersAccess["organizationOf"],
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): MembersAccess {
  const subOf: MembersAccess["subOf"] = (id, tenant) => subjectId(issuer, id, tenant);
  const [, url, name] = /^(.*)\/realms\/([^/]+)$/.exec(issuer) ?? [];
  if (members === undefined || url === undefined || name === undefined) return { organizationOf, subOf, random };
  const realm = decodeURIComponent(name);
  const connection = {
    ...{ url, realm },
    credentials: { kind: "client" as const, clientId: members.clientId, secret: members.secret },
  };
  const open = realmMembers(connection, { realm, clientId }, { clock, random, timeoutMs: timeout * 1000 });
  return { organizationOf, subOf, random, open };
}
