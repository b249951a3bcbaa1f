import type { Resource } from "../../reconcile/index.ts";
import type { RealmSpec } from "../format/model.ts";
import { defined, merge, single } from "./fields.ts";
import { mapperFields } from "./mapper.ts";

/** Client scopes, their mappers, and which of them later clients are given. */
export const desiredScopes = (spec: RealmSpec): Resource[] =>
  Object.entries(spec.clientScopes).flatMap(([name, scope]): Resource[] => {
    const dependsOn = [{ kind: "client-scope", key: name }];
    const attributes = {
      ...defined({
        "include.in.token.scope": scope.includeInToken?.toString(),
        "display.on.consent.screen": scope.consentText === undefined ? undefined : "true",
        "consent.screen.text": scope.consentText,
      }),
      ...single(scope.attributes),
    };
    const { protocol, description, assigned } = scope;
    return [
      {
        kind: "client-scope",
        key: name,
        fields: merge({ protocol, ...defined({ description }), attributes }, scope.raw),
      },
      ...Object.entries(scope.mappers).map(([mapper, entry]) => ({
        kind: "client-scope-mapper",
        key: [name, mapper],
        fields: mapperFields(entry),
        dependsOn,
      })),
      ...(assigned === undefined ? [] : [{ kind: "default-client-scope", key: name, fields: { assigned }, dependsOn }]),
    ];
  });
