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
const explained = (because: string, ...steps: readonly Step[]): Known => ({ as: "explained", because, steps });
/** After a client is made by the admin API, Keycloak adds attributes that the file did not have. */
const attributesAdded = "Keycloak adds attributes to a client that is made";

/** By the recipe's name. A test holds it exact: what comes through whole must leave the list. */
export const known: Readonly<Record<string, Known>> = {
  "display name that is empty": explained(
    "Keycloak's pages take an empty name for none, and so does a file",
    "same realm",
  ),
  "roles in a circle": explained("left out with a note: no file says a circle", "same file again", "same realm"),
  "role called constructor": explained("left out with a note: no file holds the name", "same file again", "same realm"),
  "group with a description": failing("never comes to rest", "apply"),
  "built-in browser flow changed": explained("a flow within it gets an empty description for none", "same realm"),
  "profile attribute with checks": failing("our mark among the annotations", "same realm"),
  "client with a root URL and no redirects": failing("Keycloak adds redirects", "same file again", "same realm"),
  "clients a-b and a.b with secrets": failing(attributesAdded, "same file again", "same realm"),
  "client without full scope": failing("no scope mappings", "same file again", "same realm"),
  "client that lacks default scopes": failing("they come back", "same file again", "same realm"),
  "client with authorization services": failing("uma_protection is there already", "apply"),
  "client called realm with a role of a realm role's name": failing(attributesAdded, "same file again", "same realm"),
  "service account with roles and a group": failing("no groups, no attributes", "same file again", "same realm"),
};
