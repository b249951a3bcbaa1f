import type { Step } from "./round-trip.ts";

/** A realm that does not come through whole, and why. */
export interface Known {
  /** `explained`: it stays so, and the file or the reference says it. `failing`: to be mended. */
  readonly as: "explained" | "failing";
  /** The steps that do not hold: just these. */
  readonly steps: readonly Step[];
  readonly because: string;
}

const failing = (because: string, ...steps: readonly Step[]): Known => ({ as: "failing", because, steps });
/** After a client is made by the admin API, Keycloak adds attributes that the file did not have. */
const attributesAdded = "Keycloak adds attributes to a client that is made";

/** By the recipe's name. A test holds it exact: what comes through whole must leave the list. */
export const known: Readonly<Record<string, Known>> = {
  "name with a blank": failing("the name is refused", "validate"),
  "name with an umlaut": failing("the name is refused", "validate"),
  "display name that is empty": failing("an empty text counts as none", "same realm"),
  "organizations without any": failing("they are switched on only with one", "same realm"),
  "organization without a domain": failing("a domain is asked for", "validate"),
  "organization with a verified domain": failing("nobody says that it is verified", "same realm"),
  "roles in a circle": failing("a circle is refused", "validate"),
  "role called constructor": failing("the name is refused", "validate"),
  "group with a description": failing("never comes to rest", "apply"),
  "attributes called types and composite": failing("left out without a word", "same realm"),
  "events without listeners": failing("an empty list counts as none", "same realm"),
  "security headers emptied": failing("an empty text counts as none", "same realm"),
  "a built-in scope deleted": failing("it comes back", "same file again", "same realm"),
  "a required action unregistered": failing("it comes back", "same realm"),
  "built-in browser flow changed": failing("refused", "validate"),
  "locales while texts are off": failing("left out without a word", "same realm"),
  "profile attribute with checks": failing("empty maps count as none; the order is another", "same realm"),
  "client with a root URL and no redirects": failing("Keycloak adds redirects", "same file again", "same realm"),
  "clients a-b and a.b with secrets": failing(attributesAdded, "same file again", "same realm"),
  "client without full scope": failing("no scope mappings", "same file again", "same realm"),
  "client id with blanks": failing(attributesAdded, "same file again", "same realm"),
  "client that lacks default scopes": failing("they come back", "same file again", "same realm"),
  "client with authorization services": failing("uma_protection is there already", "apply"),
  "default scope taken out": failing("it comes back", "same realm"),
  "client called realm with a role of a realm role's name": failing(attributesAdded, "same file again", "same realm"),
  "service account with roles and a group": failing("no groups, no attributes", "same file again", "same realm"),
  "built-in client changed": failing("what is changed is not said", "same file again", "same realm"),
};
