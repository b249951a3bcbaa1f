import { mapperPrefix, owner, ownerKey } from "../marks.ts";
import { asFields, type Kind, splitKey } from "./kind.ts";

/** Mappers of our identity providers. The key is `<alias> <name>`; names that begin with our prefix are ours. */
export const upstreamMapperKind: Kind = {
  rule: { kind: "upstream-mapper", level: 3 },
  observe: ({ upstreams }) =>
    upstreams.flatMap(({ provider, mappers }) =>
      mappers.map((mapper) => ({
        kind: "upstream-mapper",
        key: `${provider.alias ?? ""} ${mapper.name ?? ""}`,
        fields: asFields(mapper),
        owned: provider.config?.[ownerKey] === owner && (mapper.name?.startsWith(mapperPrefix) ?? false),
        remote: { id: mapper.id ?? "", raw: asFields(mapper) },
      })),
    ),
  create: async ({ realm, keycloak }, { key, fields }) => {
    const [alias, name] = splitKey(key);
    const identityProviderMapper = { ...fields, name, identityProviderAlias: alias };
    await keycloak.call(`create mapper ${key}`, "once", (kc) =>
      kc.identityProviders.createMapper({ realm, alias, identityProviderMapper }),
    );
  },
  update: ({ realm, keycloak }, { key, fields }, { remote }) => {
    const [alias, name] = splitKey(key);
    const id = remote?.id ?? "";
    const payload = { ...remote?.raw, ...fields, id, name, identityProviderAlias: alias };
    return keycloak.call(`update mapper ${key}`, "write", (kc) =>
      kc.identityProviders.updateMapper({ realm, alias, id }, payload),
    );
  },
  remove: ({ realm, keycloak }, { key, remote }) =>
    keycloak.call(`delete mapper ${key}`, "write", (kc) =>
      kc.identityProviders.delMapper({ realm, alias: splitKey(key)[0], id: remote?.id ?? "" }, { catchNotFound: true }),
    ),
};
