import { readFileSync } from "node:fs";
import type { Fields } from "./hand.ts";
import type { Recipe } from "./recipe.ts";

/** The export of a new realm of Keycloak 22.0.5, without ids. */
const exported = readFileSync(new URL("older/keycloak-22.json", import.meta.url), "utf8");

/** The same for a realm of that name. */
const exportFor = (realm: string): Fields => JSON.parse(exported.replaceAll("corpus-older", realm)) as Fields;

type Flow = Fields & { readonly authenticationExecutions: Fields[] };

/** Realms that an older Keycloak made: flows, scopes and required actions are others than in a new realm of this one. */
export const olderRealms: readonly Recipe[] = [
  // Keycloak sees the version and adds what is new since then.
  { name: "realm of Keycloak 22", realm: "corpus-of-22", with: exportFor("corpus-of-22") },
  {
    name: "realm of Keycloak 22, its version taken out",
    realm: "corpus-of-22-plain",
    with: { ...exportFor("corpus-of-22-plain"), keycloakVersion: undefined },
  },
  {
    name: "realm of Keycloak 22 whose browser flow was changed",
    realm: "corpus-of-22-changed",
    with: changedFlow(exportFor("corpus-of-22-changed")),
  },
];

/** Older consoles let people change the built-in flows. */
function changedFlow(realm: Fields): Fields {
  const flows = realm["authenticationFlows"] as readonly Flow[];
  const changed = flows.map((flow) =>
    flow["alias"] === "browser"
      ? {
          ...flow,
          authenticationExecutions: flow.authenticationExecutions
            .filter((it) => it["authenticator"] !== "auth-spnego")
            .map((it) => (it["authenticator"] === "auth-cookie" ? { ...it, requirement: "DISABLED" } : it)),
        }
      : flow,
  );
  return { ...realm, authenticationFlows: changed, browserFlow: "browser" };
}
