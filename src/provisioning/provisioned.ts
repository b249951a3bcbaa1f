import { type PageError, type Person, refusal } from "../core/index.ts";
import type { Tag } from "../store/index.ts";
import { holderOf } from "./key.ts";
import type { ProvisioningDeps } from "./resource.ts";
import { type Sources, signInTag, valueOfPerson } from "./source.ts";
import { userUnder } from "./user.ts";

/** What those who sign people in ask. */
interface Provisioned {
  /** Why the person may not be in, as its directory says; absent: it may. Throws `Fault` when the store does not answer. */
  refuses(person: Person): Promise<PageError | undefined>;
  /** The tags by which the person's sign-ins are found when the directory takes it out. */
  tagsOf(person: Person): readonly Tag[];
}

const refused = (detail: string): PageError =>
  refusal("not_provisioned", "Your organization has not switched your account on here.", detail);

/** Whether people may be in. Who is of no identity provider that pushes may. */
export function openProvisioned(deps: ProvisioningDeps, sources: Sources): Provisioned {
  return {
    refuses: async (person) => {
      const source = sources.of(person.identityProvider);
      if (source === undefined || source.tenant !== person.tenant) return undefined;
      const { attribute, claim } = source.match;
      const value = valueOfPerson(source, person);
      if (value === undefined) return refused(`the sign-in has no ${claim} to find the pushed user by`);
      const user = await userUnder(deps, source, attribute, value);
      if (user !== undefined) return isActive(user) ? undefined : refused("the pushed user is not active");
      const wasThere = (await holderOf(deps, source, { attribute, compared: value })) !== undefined;
      if (wasThere) return refused("the pushed user was removed");
      return source.required ? refused("no user was pushed for the person") : undefined;
    },
    tagsOf: (person) => {
      const source = sources.of(person.identityProvider);
      const value = source && valueOfPerson(source, person);
      return source === undefined || value === undefined ? [] : [signInTag(deps.seal, source, value)];
    },
  };
}

/** Whether a pushed user may sign in: unless it says no (RFC 7643 section 4.1.1). */
export const isActive = ({ attributes }: { readonly attributes: Readonly<Record<string, unknown>> }): boolean =>
  attributes["active"] !== false;
