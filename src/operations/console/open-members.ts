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
import type { KnownMember } from "./everybody.ts";
import { createReadings, type Readings } from "./readings.ts";

/** The way to people who live in the realm, without an identity provider of their own (decision 0075). */
export interface MembersAccess {
  /** The organization whose members stand under an alias; absent: it is an identity provider's. */
  readonly organizationOf: (alias: string) => string | undefined;
  /** Absent: the broker has no account for it. */
  readonly open?: ((organization: string, alias: IdentityProviderAlias) => Members) | undefined;
  /** The broker's subject of an account. */
  readonly subOf: (id: string, tenant: TenantName) => SubjectId;
  readonly random: Random;
  /** What was read of the members of a tenant, kept for a moment: the list of all people waits for no realm. */
  readonly readings: Readings<MembersReading>;
}

/** The members of a tenant when somebody looked. */
export interface MembersReading {
  readonly members: readonly KnownMember[];
}

/** The way to the people who live in the broker's realm, by the account that the configuration names. Nothing is asked yet. */
export function openMembers(
  { issuer, clientId, members, timeout }: BrokerConfig["upstream"],
  organizationOf: MembersAccess["organizationOf"],
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): MembersAccess {
  const subOf: MembersAccess["subOf"] = (id, tenant) => subjectId(issuer, id, tenant);
  const common = { organizationOf, subOf, random, readings: createReadings<MembersReading>({ clock }) };
  const [, url, name] = /^(.*)\/realms\/([^/]+)$/.exec(issuer) ?? [];
  if (members === undefined || url === undefined || name === undefined) return common;
  const realm = decodeURIComponent(name);
  const connection = {
    ...{ url, realm },
    credentials: { kind: "client" as const, clientId: members.clientId, secret: members.secret },
  };
  const open = realmMembers(connection, { realm, clientId }, { clock, random, timeoutMs: timeout * 1000 });
  return { ...common, open };
}
