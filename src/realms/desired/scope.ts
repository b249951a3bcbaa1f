import type { RealmSpec } from "../format/model.ts";
import type { RealmIdentity, RealmResource } from "../identity.ts";
import { defined, merge, single } from "./fields.ts";
import { mapperFields } from "./mapper.ts";

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
    return [
      {
        kind: "client-scope",
        key: name,
        fields: merge({ protocol, ...defined({ description }), attributes }, scope.raw),
      },
      ...Object.entries(scope.mappers).map(
        ([mapper, entry]): RealmResource => ({
          kind: "client-scope-mapper",
          key: [name, mapper],
          fields: mapperFields(entry),
          dependsOn,
        }),
      ),
      ...(assigned === undefined ? [] : [given(assigned)]),
    ];
  });
