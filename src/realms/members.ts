import type UserRepresentation from "@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js";
import {
  Fault,
  type IdentityProviderAlias,
  type Instant,
  instant,
  memberUsername,
  type Seconds,
} from "../core/index.ts";
import { isSameValue } from "../yaml/index.ts";
import { type RealmAccess, realmAccess } from "./access.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { memberAttribute, memberGroupsAttribute, usernameAttribute } from "./markers.ts";

/** A member of an organization who lives in the realm. */
export interface Member {
  /** The account's id: the subject of its logins at the realm. */
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** `invited`: nobody has set a password yet. */
  readonly state: "invited" | "active" | "disabled";
  readonly hasSecondFactor: boolean;
  /** The groups of the organization that it is in, in their order. */
  readonly groups: readonly string[];
  readonly since: Instant;
}

/** Whom to make an account for. */
export interface NewMember extends Pick<Member, "email" | "firstName" | "lastName"> {}

/** Members of one organization: accounts that the broker made for it, and no other ones of the realm. Every call throws `Fault`. */
export interface Members {
  list(): Promise<readonly Member[]>;
  /** By the account's id; somebody else's is not there. */
  find(id: string): Promise<Member | undefined>;
  /** By the address that it was made for. */
  named(email: string): Promise<Member | undefined>;
  /**
   * Makes an account that waits for its password and second factor; one that is half made is finished. Of several who make one at
   * the same time, one has made it.
   */
  make(who: NewMember): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Has Keycloak send a link by which both are set. False: it could not be sent. */
  sendLink(id: string, lifetime: Seconds): Promise<boolean>;
  /** Sets a password for one sign-in, at which another one must be chosen. */
  setFirstPassword(id: string, password: string): Promise<void>;
  enable(id: string, enabled: boolean): Promise<void>;
  /** Whether it is in another organization, too. */
  isElsewhere(id: string): Promise<boolean>;
  /** Whether anything is there to sign in with: a password, for one sign-in, too, or a second factor. */
  hasCredentials(id: string): Promise<boolean>;
  /** False: the realm has no place for groups, because its file was not applied since there are any. */
  setGroups(id: string, groups: readonly string[]): Promise<boolean>;
  /** Takes the second factors away; a new one must be set up at the next sign-in. */
  forgetSecondFactor(id: string): Promise<void>;
  /** Takes the account away; one that is in another organization, too, is no member of this one any more. */
  remove(id: string): Promise<void>;
}

/** What a person does before the first sign-in is done. */
const password = "UPDATE_PASSWORD";
const secondFactor = "CONFIGURE_TOTP";
const secondFactors = ["otp", "webauthn", "webauthn-passwordless", "recovery-authn-codes"];

/** The members of a realm's organizations. Nothing is asked before the first call. */
export function realmMembers(
  connection: KeycloakConnection,
  { realm, clientId }: { readonly realm: string; readonly clientId: string },
  deps: ConnectionDeps,
): (organization: string, alias: IdentityProviderAlias) => Members {
  const at = realmAccess(connectKeycloak(connection, deps), realm);
  const ids = new Map<string, string>();
  const idOf = async (organization: string): Promise<string> => {
    const known = ids.get(organization) ?? (await lookUp(at, organization));
    ids.set(organization, known);
    return known;
  };
  return (organization, alias) => membersOf({ at, clientId, organization, alias, orgId: () => idOf(organization) });
}

async function lookUp(at: RealmAccess, alias: string): Promise<string> {
  const found = await at.pages("organizations", ({ organizations }, page) => organizations.find(page));
  const id = found.find((one) => one.alias === alias)?.id;
  if (id !== undefined) return id;
  throw new Fault("keycloak", `finding the organization ${alias}`, {
    message: "it is not there: apply the realm file",
  });
}

interface Context {
  readonly at: RealmAccess;
  readonly clientId: string;
  readonly organization: string;
  readonly alias: IdentityProviderAlias;
  readonly orgId: () => Promise<string>;
}

type Looked = (id: string) => Promise<UserRepresentation | undefined>;

/** Finds an account by its id, if it is of the organization and was made for it. */
function looking({ at, organization, orgId }: Context): Looked {
  return async (id) => {
    const found = await at.one("a member", async ({ organizations }, realm) =>
      organizations.getMember({ realm, orgId: await orgId(), userId: id }),
    );
    if (found === undefined || !isOf(organization, found)) return undefined;
    // It is of the membership, and Keycloak takes it in no account.
    const { membershipType: _, ...user } = found;
    return user;
  };
}

const isOf = (organization: string, { attributes }: UserRepresentation): boolean =>
  attributes?.[memberAttribute]?.[0] === organization;

function membersOf(context: Context): Members {
  const { at, organization, alias, orgId } = context;
  const ours = looking(context);
  const must = async (id: string, doing: string) => {
    const found = await ours(id);
    if (found === undefined) throw new Fault("keycloak", doing, { message: "the member is not there any more" });
    return found;
  };
  return {
    list: async () => {
      const query = { orgId: await orgId(), briefRepresentation: false };
      const all = await at.pages("members", ({ organizations }, page) =>
        organizations.listMembers({ ...page, ...query }),
      );
      return all.filter((one) => isOf(organization, one)).flatMap(memberOf);
    },
    find: async (id) => {
      const found = await ours(id);
      return found && memberOf(found)[0];
    },
    named: async (email) => {
      const found = await accountNamed(at, memberUsername(alias, email));
      const member = found?.id === undefined ? undefined : await ours(found.id);
      return member && memberOf(member)[0];
    },
    make: (who) => make(context, who),
    sendLink: (id, lifetime) => sendLink(context, id, lifetime),
    setFirstPassword: async (id, value) => {
      await must(id, "setting a first password");
      await at.write("set a first password", ({ users }, realm) =>
        users.resetPassword({ realm, id, credential: { type: "password", value, temporary: true } }),
      );
    },
    enable: async (id, enabled) => {
      const found = await must(id, "enabling or disabling a member");
      await at.write("write a member", ({ users }, realm) => users.update({ realm, id }, { ...found, enabled }));
    },
    setGroups: async (id, groups) => {
      const found = await must(id, "setting groups of a member");
      const attributes = { ...found.attributes, [memberGroupsAttribute]: [...groups] };
      await at.write("write a member", ({ users }, realm) => users.update({ realm, id }, { ...found, attributes }));
      // What the realm's profile does not know is dropped without a word.
      return isSameValue(groupsOf(await must(id, "reading groups of a member")), [...groups].sort());
    },
    isElsewhere: async (id) => (await organizationsOf(at, id)).length > 1,
    hasCredentials: async (id) => (await credentialsOf(at, id)).length > 0,
    forgetSecondFactor: async (id) => forgetSecondFactor(at, id, await must(id, "resetting a second factor")),
    remove: (id) => remove(context, id),
  };
}

const groupsOf = ({ attributes }: UserRepresentation): string[] => {
  const held: unknown = attributes?.[memberGroupsAttribute];
  return Array.isArray(held) ? held.filter((group) => typeof group === "string").sort() : [];
};

function memberOf(user: UserRepresentation): Member[] {
  const { id, email = "", firstName = "", lastName = "", enabled, requiredActions = [], totp, createdTimestamp } = user;
  if (id === undefined) return [];
  const state = enabled !== true ? "disabled" : requiredActions.includes(password) ? "invited" : "active";
  const since = instant(Math.floor((createdTimestamp ?? 0) / 1000));
  return [{ id, email, firstName, lastName, state, hasSecondFactor: totp === true, since, groups: groupsOf(user) }];
}

const accountNamed = async (at: RealmAccess, username: string): Promise<UserRepresentation | undefined> =>
  (await at.list("an account", ({ users }, realm) => users.find({ realm, username, exact: true })))[0];

async function make({ at, alias, organization, orgId }: Context, who: NewMember): ReturnType<Members["make"]> {
  const username = memberUsername(alias, who.email);
  const there = await accountNamed(at, username);
  // Somebody gave the name to another account by hand: it is none of ours to touch.
  if (there !== undefined && there.attributes?.[memberAttribute]?.[0] !== organization)
    throw new Fault("keycloak", "making an account", { message: `there is another one called ${username}` });
  const made = there?.id ?? (await createAccount({ at, organization }, username, who));
  if (made === undefined) throw new Fault("keycloak", "making an account", { message: "it did not say its id" });
  const userId = made;
  const member = async () =>
    at.one("a member", async ({ organizations }, realm) =>
      organizations.getMember({ realm, orgId: await orgId(), userId }),
    );
  if (there !== undefined && (await member()) !== undefined) return { id: userId, isNew: false };
  try {
    await at.create("add a member", async ({ organizations }, realm) =>
      organizations.addMember({ realm, orgId: await orgId(), userId }),
    );
    return { id: userId, isNew: true };
  } catch (problem) {
    // Somebody else was faster: then it is a member.
    if ((await member()) === undefined) throw problem;
    return { id: userId, isNew: false };
  }
}

async function createAccount(
  { at, organization }: Pick<Context, "at" | "organization">,
  username: string,
  who: NewMember,
): Promise<string | undefined> {
  try {
    const made = await at.create("make an account", ({ users }, realm) =>
      users.create({
        ...{ realm, username, ...who, enabled: true, requiredActions: [password, secondFactor] },
        attributes: { [memberAttribute]: [organization], [usernameAttribute]: [who.email] },
      }),
    );
    return made?.id;
  } catch (problem) {
    // Somebody else made it at the same moment.
    const there = await accountNamed(at, username);
    if (there?.attributes?.[memberAttribute]?.[0] !== organization) throw problem;
    return there.id;
  }
}

async function sendLink({ at, clientId }: Context, id: string, lifespan: Seconds): Promise<boolean> {
  try {
    const actions = [password, secondFactor];
    // Sent once: a second mail would have another link.
    await at.create("send a link", ({ users }, realm) =>
      users.executeActionsEmail({ realm, id, clientId, lifespan, actions }),
    );
    return true;
  } catch (problem) {
    // Keycloak answers 500 when its mail server is not set up or does not take the mail.
    if (problem instanceof Fault && /HTTP (400|500)/.test(problem.message)) return false;
    throw problem;
  }
}

const credentialsOf = (at: RealmAccess, id: string) =>
  at.list("credentials", ({ users }, realm) => users.getCredentials({ realm, id }));

async function forgetSecondFactor(at: RealmAccess, id: string, found: UserRepresentation): Promise<void> {
  const held = await credentialsOf(at, id);
  // First what asks for a new one: a crash between them leaves nobody without a second factor unasked.
  const requiredActions = [...new Set([...(found.requiredActions ?? []), secondFactor])];
  await at.write("write a member", ({ users }, realm) => users.update({ realm, id }, { ...found, requiredActions }));
  for (const { id: credentialId, type = "" } of held) {
    if (credentialId === undefined || !secondFactors.includes(type)) continue;
    await at.remove("remove a second factor", ({ users }, realm) =>
      users.deleteCredential({ realm, id, credentialId }),
    );
  }
}

const organizationsOf = (at: RealmAccess, userId: string) =>
  at.list("organizations of a member", ({ organizations }, realm) =>
    organizations.memberOrganizations({ realm, userId }),
  );

async function remove({ at, orgId }: Context, id: string): Promise<void> {
  if ((await organizationsOf(at, id)).length <= 1)
    return at.remove("remove an account", ({ users }, realm) => users.del({ realm, id }));
  await at.remove("remove a member", async ({ organizations }, realm) =>
    organizations.delMember({ realm, orgId: await orgId(), userId: id }),
  );
}
