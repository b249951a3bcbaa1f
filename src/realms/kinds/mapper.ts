import { formatKey, type KindRule, type PlainMap } from "../../reconcile/index.ts";
import { asFields, listOf, type Representation, type Request, textOf } from "../access.ts";
import { isSecretName } from "../format/secrets.ts";
import { mapperPrefix } from "../markers.ts";
import { clientIdOf } from "./client.ts";
import { clientScopeIdOf } from "./client-scope.ts";
import {
  idOf,
  inner,
  isMarked,
  type Kind,
  marker,
  type RealmSite,
  type Remote,
  type Seen,
  type Wanted,
  withoutNulls,
} from "./kind.ts";
import { unsaidOf } from "./unsaid.ts";

type MapperName = "client-mapper" | "client-scope-mapper" | "upstream-mapper";

/** A mapper as it is read. Ours carries the marker in its config, or our prefix on an object of ours. */
function observed(kind: string, owner: string, ownerIsOurs: boolean, mapper: Representation): Seen<MapperName> {
  const name = textOf(mapper["name"]);
  return {
    kind,
    key: [owner, name],
    id: textOf(mapper["id"]),
    fields: asFields(mapper),
    owned: isMarked(mapper["config"]) || (ownerIsOurs && name.startsWith(mapperPrefix)),
    remote: { id: textOf(mapper["id"]), raw: asFields(mapper) },
  };
}

/** A mapper as it is written: a PUT replaces it, so what others added to its config goes along. */
function payload({ key: [, name], fields }: Wanted<MapperName>, remote?: Remote): PlainMap {
  const config = { ...inner(remote?.raw, "config"), ...inner(fields, "config"), ...(remote ? {} : marker) };
  return {
    ...remote?.raw,
    ...withoutNulls(fields),
    ...(remote && { id: remote.id }),
    name,
    config: withoutNulls(config),
  };
}

const unsaid = unsaidOf({ fields: { consentRequired: false }, open: { config: isSecretName } });

/** Requests about the mappers of one owner. */
interface Mappers {
  readonly create: Request<unknown>;
  readonly update: Request<unknown>;
  readonly remove: Request<unknown>;
}

/** A kind of mappers; `requests` finds their owner and says how one of them is written. */
function mapperKind<N extends MapperName>(
  rule: KindRule & { readonly kind: N },
  from: Pick<Kind<N>, "section" | "parts" | "observe">,
  requests: (at: RealmSite, owner: string, mapper: PlainMap, id: string) => Promise<Mappers>,
): Kind<N> {
  return {
    rule: { ...rule, unsaid },
    ...from,
    create: async (at, resource) => {
      const [owner] = resource.key;
      await at.create(
        `create mapper ${formatKey(resource.key)}`,
        (await requests(at, owner, payload(resource), "")).create,
      );
    },
    update: async (at, resource, observed) => {
      const [owner] = resource.key;
      const { update } = await requests(at, owner, payload(resource, observed.remote), idOf(observed));
      await at.write(`update mapper ${formatKey(resource.key)}`, update);
    },
    remove: async (at, observed) => {
      const { key } = observed;
      const { remove } = await requests(at, key[0], {}, idOf(observed));
      await at.remove(`delete mapper ${formatKey(key)}`, remove);
    },
  };
}

/** Protocol mappers of clients. The key is client and name. */
export const clientMapperKind = mapperKind(
  { kind: "client-mapper", level: 3 },
  {
    section: "clients",
    parts: ["clients"],
    observe: ({ snapshot }) =>
      snapshot.clients.flatMap((client) =>
        listOf(client.protocolMappers).map((mapper) =>
          observed("client-mapper", textOf(client.clientId), isMarked(client.attributes), mapper),
        ),
      ),
  },
  async (at, owner, mapper, mapperId) => {
    const id = await clientIdOf(at, owner);
    return {
      create: ({ clients }, realm) => clients.addProtocolMapper({ realm, id }, mapper),
      update: ({ clients }, realm) => clients.updateProtocolMapper({ realm, id, mapperId }, mapper),
      remove: ({ clients }, realm) => clients.delProtocolMapper({ realm, id, mapperId }),
    };
  },
);

/** Protocol mappers of client scopes. The key is scope and name. */
export const clientScopeMapperKind = mapperKind(
  { kind: "client-scope-mapper", level: 2 },
  {
    section: "clientScopes",
    parts: [],
    observe: ({ snapshot }) =>
      listOf(snapshot.realm["clientScopes"]).flatMap((scope) =>
        listOf(scope["protocolMappers"]).map((mapper) =>
          observed("client-scope-mapper", textOf(scope["name"]), isMarked(scope["attributes"]), mapper),
        ),
      ),
  },
  async (at, owner, mapper, mapperId) => {
    const id = await clientScopeIdOf(at, owner);
    return {
      create: ({ clientScopes }, realm) => clientScopes.addProtocolMapper({ realm, id }, mapper),
      update: ({ clientScopes }, realm) => clientScopes.updateProtocolMapper({ realm, id, mapperId }, mapper),
      remove: ({ clientScopes }, realm) => clientScopes.delProtocolMapper({ realm, id, mapperId }),
    };
  },
);

/** Mappers of identity providers. The key is alias and name. */
export const identityProviderMapperKind = mapperKind(
  { kind: "upstream-mapper", level: 3 },
  {
    section: "upstreams",
    parts: [],
    observe: ({ snapshot: { realm } }) => {
      const ours = new Set(
        listOf(realm["identityProviders"])
          .filter((p) => isMarked(p["config"]))
          .map((p) => textOf(p["alias"])),
      );
      return listOf(realm["identityProviderMappers"]).map((mapper) => {
        const alias = textOf(mapper["identityProviderAlias"]);
        return observed("upstream-mapper", alias, ours.has(alias), mapper);
      });
    },
  },
  async (_at, alias, mapper, id) => {
    const identityProviderMapper = { ...mapper, identityProviderAlias: alias };
    return {
      create: ({ identityProviders }, realm) =>
        identityProviders.createMapper({ realm, alias, identityProviderMapper }),
      update: ({ identityProviders }, realm) =>
        identityProviders.updateMapper({ realm, alias, id }, identityProviderMapper),
      remove: ({ identityProviders }, realm) => identityProviders.delMapper({ realm, alias, id }),
    };
  },
);
