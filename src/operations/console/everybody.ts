import type { IdentityProviderAlias, Instant, SubjectId } from "../../core/index.ts";
import type { TenantPerson } from "../../issuer/index.ts";
import type { Member } from "../../realms/index.ts";

/** A member as the list of all people has one: read of the realm, with the broker's subject. */
export interface KnownMember extends Pick<Member, "email" | "state" | "groups"> {
  readonly sub: SubjectId;
  readonly name: string;
  readonly alias: IdentityProviderAlias;
}

/** Somebody of a tenant, with what lists are ordered by and what is searched: who logged in lately, a member, or both. */
export interface Entry {
  readonly sub: SubjectId;
  readonly key: string;
  readonly text: string;
  readonly person?: TenantPerson;
  readonly member?: KnownMember;
}

/** A person in a list. */
export interface ListedPerson {
  readonly sub: SubjectId;
  /** The name, or the user name where there is none. */
  readonly name: string;
  readonly preferredUsername: string;
  readonly email?: string;
  readonly identityProvider: IdentityProviderAlias;
  readonly lastLogin: Instant;
}

/** Somebody in the list of all people. */
export interface AnyPerson {
  readonly sub: SubjectId;
  /** The name, or the user name where there is none. */
  readonly name: string;
  readonly preferredUsername: string;
  readonly email?: string;
  readonly identityProvider: IdentityProviderAlias;
  /** `member`: lives in the realm, without an identity provider of the customer's. */
  readonly kind: "member" | "identity-provider";
  /** Of a member, where members could be read. */
  readonly state?: Member["state"];
  /** Absent: of a member who never logged in, or too long ago. */
  readonly lastLogin?: Instant;
}

/** A person's name as lists show it. */
export const shownName = ({ name, preferredUsername }: Pick<TenantPerson, "name" | "preferredUsername">): string =>
  name ?? preferredUsername;

/** A person as lists show one. */
export const listedPerson = (person: TenantPerson): ListedPerson => ({
  sub: person.sub,
  name: shownName(person),
  preferredUsername: person.preferredUsername,
  ...(person.email !== undefined && { email: person.email }),
  identityProvider: person.identityProvider,
  lastLogin: person.at,
});

/** Somebody who logged in, for lists. */
export const personEntry = (person: TenantPerson): Entry & { readonly person: TenantPerson } => ({
  sub: person.sub,
  key: `${orderOf(shownName(person))}\n${person.sub}`,
  text: [person.name, person.preferredUsername, person.email, person.sub].join("\n").toLowerCase(),
  person,
});

const memberEntry = (member: KnownMember): Entry => ({
  sub: member.sub,
  key: `${orderOf(member.name)}\n${member.sub}`,
  text: [member.name, member.email, member.sub].join("\n").toLowerCase(),
  member,
});

/** A name as it is ordered: without case and marks, numbers by their size. Comparing by a language's rules takes ten times as long. */
const orderOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.padStart(12, "0"));

/** By the names. */
export const byKey = (a: Pick<Entry, "key">, b: Pick<Entry, "key">): number => (a.key < b.key ? -1 : 1);

/** Those who logged in, in their order, and the members: each once. */
export function withMembers(found: readonly Entry[], members: readonly KnownMember[]): readonly Entry[] {
  if (members.length === 0) return found;
  const bySub = new Map(members.map((member) => [member.sub, member]));
  const known = found.map((entry) => {
    const member = bySub.get(entry.sub);
    bySub.delete(entry.sub);
    return member === undefined ? entry : { ...entry, text: `${entry.text}\n${memberEntry(member).text}`, member };
  });
  return [...known, ...[...bySub.values()].map(memberEntry)].sort(byKey);
}
