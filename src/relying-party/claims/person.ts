import {
  type Claims,
  clockSkew,
  composed,
  err,
  type IdentityProviderAlias,
  type Instant,
  instant,
  ok,
  type PageError,
  type Person,
  type Result,
  refusal,
  subjectId,
} from "../../core/index.ts";
import type { RelyingPartyDeps } from "../deps.ts";
import type { RealmAnswer } from "../realm.ts";
import { fitClaims } from "./fit.ts";
import { recheckClaims } from "./recheck.ts";

const longest = 255;

/** The person of an answer of the realm, with the customer's identity provider's claims as they are now. */
export async function personOf(
  deps: Pick<RelyingPartyDeps, "clock" | "identityProviders" | "options" | "fetch" | "policy" | "provisioned">,
  answer: RealmAnswer,
): Promise<Result<Person, PageError>> {
  const first = readPerson(deps, answer.claims, deps.clock.now());
  if (!first.ok) return first;
  const closed = deps.identityProviders.refuses(first.value);
  if (closed) return err(closed);
  const claims: Result<Claims, PageError> = await recheckClaims(
    deps,
    first.value.identityProvider,
    answer.claims,
    answer.accessToken,
  );
  if (!claims.ok) return claims;
  const fit = fitClaims(
    deps.identityProviders.rechecks().get(first.value.identityProvider)?.shapes ?? [],
    claims.value,
  );
  if (!fit.ok) return fit;
  const person = { ...first.value, claims: fit.value };
  const refused = await deps.provisioned.refuses(person);
  return refused ? err(refused) : ok(person);
}

/**
 * Whom the realm itself keeps come through nobody, and nobody vouches for them (S-34): unless the account was made for an
 * organization whose people live in the realm, and is a member of it still. The account says the first (an attribute that only
 * administrators write), the scope that was asked for the second. An identity provider never stands for such members.
 */
function cameThrough({ identityProviders }: Parameters<typeof readPerson>[0], claims: Claims): string | undefined {
  const { identity_provider: session, member_of: madeFor, organization } = claims;
  if (session !== undefined) {
    const alias = text(session);
    return alias !== undefined && identityProviders.organizationOf(alias) === undefined ? alias : undefined;
  }
  const own = text(madeFor);
  const isMember = Array.isArray(organization) && organization.length === 1 && organization[0] === own;
  return own !== undefined && isMember ? identityProviders.membersOf(own) : undefined;
}

/**
 * The person that claims describe: who by (issuer, subject) only, tenant by the identity provider the login came
 * through and nothing else (S-34): an identity provider reaches one tenant, whatever its claims say.
 */
export function readPerson(
  deps: Pick<RelyingPartyDeps, "options" | "policy"> & {
    readonly identityProviders: Pick<RelyingPartyDeps["identityProviders"], "membersOf" | "organizationOf">;
  },
  claims: Claims,
  now: Instant,
): Result<Person, PageError> {
  const odd = oddClaim(claims);
  const [subject, identityProvider] = [text(claims["sub"]), cameThrough(deps, claims)];
  if (odd !== undefined || subject === undefined || identityProvider === undefined) {
    const message = "The identity provider did not say clearly who you are.";
    return err(
      refusal("login_failed", message, `${odd ?? "identity_provider"} is absent, empty, too long or no single value`),
    );
  }
  const tenant = deps.policy.tenantOfIdentityProvider(identityProvider);
  if (!tenant) {
    const message = "Your identity provider is not connected to any organization here.";
    return err(refusal("unknown_tenant", message, `identity provider ${identityProvider.slice(0, 64)}`));
  }
  // Keycloak's own user name is made unique by the alias; the name at the customer's identity provider is the one people know.
  const [given, account] = [text(claims["upstream_username"]), text(claims["preferred_username"])];
  const there = composed(given ?? withoutAlias(account, identityProvider) ?? subject);
  const shown = displayName(given ?? account ?? subject);
  const name = text(claims["name"]);
  const email = text(claims["email"]);
  const acr = text(claims["acr"]);
  const authTime = provedAt(claims, now);
  return ok({
    sub: subjectId(deps.options.issuer, subject, tenant.name),
    tenant: tenant.name,
    identityProvider: identityProvider as IdentityProviderAlias,
    realmIssuer: deps.options.issuer,
    realmSubject: subject,
    preferredUsername: shown,
    ...(shown !== there && { identityProviderUsername: there }),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email, emailVerified: claims["email_verified"] === true }),
    amr: Array.isArray(claims["amr"]) ? claims["amr"].filter((m) => typeof m === "string") : [],
    ...(acr !== undefined && { acr }),
    ...(authTime !== undefined && { authTime }),
    claims: withGroups(claims),
  });
}

/** The groups of the organization that a member is in stand in a claim of their own: nobody who came through a provider has any. */
function withGroups({ member_groups: said, ...claims }: Claims): Claims {
  if (claims["identity_provider"] !== undefined) return claims;
  const listed = (value: unknown) => (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  const groups = [...new Set([...listed(claims["groups"]), ...listed(said)])];
  return groups.length === 0 ? claims : { ...claims, groups };
}

/**
 * When the person proved who it is, by our clock: how long before its ID token, says the realm. By the realm's clock, one
 * that is behind would have `max_age` ask the person again and again. `undefined` when the realm does not say: taken for
 * now, it would satisfy whoever asks for a proof of now (S-75).
 */
function provedAt({ auth_time: proved, iat: issued }: Claims, now: Instant): Instant | undefined {
  if (typeof proved !== "number" || typeof issued !== "number") return undefined;
  const age = issued - proved;
  return Number.isFinite(age) && age >= -clockSkew ? instant(Math.floor(now - Math.max(0, age))) : undefined;
}

/** Claims of which one value decides: whose account it is, through whom it came, what a condition may name. */
const deciding: Readonly<Record<string, { readonly must: boolean; readonly fits: (value: unknown) => boolean }>> = {
  sub: { must: true, fits: (value) => text(value) !== undefined },
  identity_provider: { must: false, fits: (value) => text(value) !== undefined },
  email: { must: false, fits: (value) => text(value) !== undefined },
  email_verified: { must: false, fits: (value) => typeof value === "boolean" },
  sid: { must: false, fits: (value) => text(value) !== undefined },
};

/** The first of them that is not what it must be: refused, since no default is as good as the truth (S-75). */
const oddClaim = (claims: Claims): string | undefined =>
  Object.entries(deciding).find(([name, { must, fits }]) =>
    Object.hasOwn(claims, name) && claims[name] !== undefined ? !fits(claims[name]) : must,
  )?.[0];

/** Half a surrogate pair is no text: all of them hash alike, so two subjects would become one. */
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= longest && value.isWellFormed() ? value : undefined;

/** What is left of Keycloak's own user name, `<alias>.<subject>`, where the identity provider gave none. */
const withoutAlias = (account: string | undefined, identityProvider: string): string | undefined =>
  account?.startsWith(`${identityProvider}.`) && account.length > identityProvider.length + 1
    ? account.slice(identityProvider.length + 1)
    : account;

/**
 * A user name as targets may get it. Keystone splits every claim at ";" and takes quotes and brackets for lists; control
 * characters forge log lines. Display only, so such characters become "_".
 */
const displayName = (name: string): string => name.normalize("NFC").replace(/[;'"[\]{}\\\p{Cc}\p{Cf}]/gu, "_");
