import type { Clock } from "../../src/core/index.ts";
import { systemClock } from "../../src/core/index.ts";
import { loadRealms, type RealmSpec } from "../../src/realms/index.ts";

/** Secret of the small realm's IdP: a test looks for it where it must not be. */
export const smallSecret = "a canary in the coal mine";

/** A realm with one of most kinds of objects: marked ones, some that only the ledger knows, some that carry rights. */
export const smallRealm = (realm: string): string => `
kind: Realm
realm: ${realm}
settings: {displayName: Small}
clients:
  desk:
    template: custom
    redirects: [https://desk.example/callback]
    codeFlow: true
    scopes: {default: [basic, team]}
    mappers: {group names: {type: groups}}
clientScopes:
  team:
    mappers: {team: {type: constant, claim: team, value: blue}}
roles:
  realm: {reader: {description: may read}}
groups:
  staff: {roles: {realm: [reader]}}
components:
  KeyProvider: {quick: {provider: aes-generated, config: {priority: 5, secretSize: 16}}}
upstreams:
  - id: home-idp
    template: keycloak
    issuer: https://idp.example/realms/home
    client: {id: broker, secret: {env: HOME_SECRET}}
organizations:
  - {id: home, name: Home, domains: [home.example], upstreams: [home-idp]}
`;

/** The small realm as loaded, with a changed text where a test wants it. */
export function loadSmall(realm: string, change: (text: string) => string = (text) => text): RealmSpec {
  const files = [{ file: "realms/small.yaml", text: change(smallRealm(realm)) }];
  const loaded = loadRealms(files, (reference) => ("env" in reference ? smallSecret : undefined));
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded, undefined, 2));
  return spec;
}

/** The machine's clock, on which nobody waits: repetitions follow at once. */
export const impatientClock: Clock = { ...systemClock, sleep: async () => {} };
