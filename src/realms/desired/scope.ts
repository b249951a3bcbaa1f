import { builtInScopes } from "../format/known.ts";
import type { RealmSpec } from "../format/model.ts";
import type { RealmIdentity, RealmResource } from "../identity.ts";
import { defined, merge, single } from "./fields.ts";
import { mapperFields } from "./mapper.ts";
import { roleScope } from "./rights.ts";

type Scope = RealmSpec["clientScopes"][string];

/** Client scopes, their mappers, and which of them later clients are given. */
export const desiredScopes = (spec: RealmSpec): RealmResource[] =>
  Object.entries(spec.clientScopes).flatMap(([name, scope]): RealmResource[] => {
    const dependsOn: readonly RealmIdentity[] = [{ kind: "client-scope", key: name }];
    const attributes = {
      ...defined({
        "include.in.token.scope": scope.includeInToken?.toString(),
        "display.on.consent.screen": scope.consentText === undefined ? undefined : "true",
        "consent.screen.text": scope.consentText,
      }),
      ...single(scope.attributes),
    };
    const { protocol, description, assigned } = scope;
    const given = (how: "default" | "optional"): RealmResource => ({
      ...{ kind: "default-client-scope", key: name, fields: { assigned: how }, dependsOn },
    });
    const itself: RealmResource = {
      ...{ kind: "client-scope", key: name },
      fields: merge({ protocol, ...defined({ description }), attributes }, scope.raw),
    };
    return [
      // Of Keycloak's own nothing is said but to whom it is given.
      ...(builtInScopes.includes(name) && saysNothing(scope) ? [] : [itself]),
      ...Object.entries(scope.mappers).map(
        ([mapper, entry]): RealmResource => ({
          kind: "client-scope-mapper",
          key: [name, mapper],
          fields: mapperFields(entry),
          dependsOn,
        }),
      ),
      ...roleScope({ kind: "client-scope-role-scope", key: name }, scope.scopeMappings, dependsOn),
      ...(assigned === undefined || assigned === "none" ? [] : [given(assigned)]),
    ];
  });

/** True when nothing is said of the scope itself. */
const saysNothing = ({ description, includeInToken, consentText, attributes, raw }: Scope): boolean =>
  [description, includeInToken, consentText, raw].every((one) => one === undefined) &&
  Object.keys(attributes).length === 0;
