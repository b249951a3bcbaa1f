import { type Path, suggest, type YamlDocument } from "../../../yaml/index.ts";
import { attributeOf, memberAttribute, memberGroupsAttribute, usernameAttribute } from "../../markers.ts";
import { builtInAttributes, identityProviderMappers, protocolMappers } from "../known.ts";
import { type IdentityProviderMapperEntry, type MapperEntry, protocolOf } from "../mappers.ts";
import type { LocatedRealm } from "../model.ts";
import type { Report } from "./report.ts";

/** Mappers of a type that is not there (Keycloak answers 201 and never runs them), of another protocol, or for attributes it drops. */
export function checkMappers(realm: LocatedRealm, report: Report): void {
  const { data } = realm;
  const known = {
    clients: [...Object.keys(data.clients), ...(data.broker ? [data.broker.clientId] : [])],
    attributes: attributesOf(realm),
    extensions: data.extensions.mappers,
  };
  for (const { document, data: part } of realm.documents) {
    const owners = [
      ...Object.entries(part.clients).map(([name, entry]) => ({ path: ["clients", name], entry })),
      ...Object.entries(part.clientScopes).map(([name, entry]) => ({ path: ["clientScopes", name], entry })),
    ];
    for (const { path, entry } of owners) {
      const protocol = "protocol" in entry ? entry.protocol : "openid-connect";
      for (const [name, mapper] of Object.entries(entry.mappers)) {
        ofClient(mapper, protocol, { document, path: [...path, "mappers", name] }, known, report);
      }
    }
    for (const [i, identityProvider] of part.upstreams.entries()) {
      for (const [name, mapper] of Object.entries(identityProvider.mappers)) {
        checkIdentityProviderMapper(mapper, { document, path: ["upstreams", i, "mappers", name] }, known, report);
      }
    }
  }
}

interface Known {
  readonly clients: readonly string[];
  /** Absent: the realm takes any. */
  readonly attributes: readonly string[] | undefined;
  readonly extensions: readonly string[];
}
interface At {
  readonly document: YamlDocument;
  readonly path: Path;
}

function ofClient(mapper: MapperEntry, protocol: string, at: At, known: Known, report: Report): void {
  const under = (name: string) => ({ ...at, path: [...at.path, name] });
  const its =
    mapper.type === "custom" ? protocolOf(mapper) : mapper.type === "saml-attribute" ? "saml" : "openid-connect";
  // Keycloak keeps a mapper of another protocol, and never runs it; who writes that protocol out means it.
  if (its !== protocol && !(mapper.type === "custom" && mapper.protocol !== undefined)) {
    report.wrong(
      under("type"),
      `this mapper is for ${its}, its owner speaks ${protocol}`,
      "choose one of that protocol",
    );
  }
  if (mapper.type === "custom") {
    knownType(mapper.mapper, [...protocolMappers[its], ...known.extensions], under("mapper"), report);
  }
  if (mapper.type === "attribute" || mapper.type === "saml-attribute") {
    inProfile(mapper.attribute, known, under("attribute"), report);
  }
  if (mapper.type === "audience" && (mapper.client === undefined) === (mapper.audience === undefined)) {
    report.wrong(at, "an audience is either a client or a text", "write `client` or `audience`");
  }
}

function checkIdentityProviderMapper(mapper: IdentityProviderMapperEntry, at: At, known: Known, report: Report): void {
  const under = (name: string) => ({ ...at, path: [...at.path, name] });
  if (mapper.type === "custom") {
    knownType(mapper.mapper, [...identityProviderMappers, ...known.extensions], under("mapper"), report);
  }
  if (mapper.type === "attribute" || mapper.type === "constant") {
    inProfile(mapper.attribute, known, under("attribute"), report);
  }
}

function knownType(type: string, known: readonly string[], at: At, report: Report): void {
  if (known.includes(type)) return;
  const fix = `${suggest(type, known)} (one that a jar brings is named under extensions.mappers)`;
  report.wrong(at, `Keycloak has no mapper "${type}"`, fix);
}

function inProfile(attribute: string, { attributes }: Known, at: At, report: Report): void {
  if (attributes === undefined || attributes.includes(attribute)) return;
  const message = `the user profile has no attribute "${attribute}": Keycloak drops it silently`;
  report.wrong(at, message, `${suggest(attribute, attributes)} Or declare it under profile.attributes`);
}

/** Attributes that the profile is told to put in order and does not have. */
export function checkProfileOrder({ document, data }: LocatedRealm, report: Report): void {
  const known = declaredIn(data);
  for (const [i, name] of (data.profile?.order ?? []).entries()) {
    if (known.includes(name)) continue;
    report.wrong(
      { document, path: ["profile", "order", i] },
      `the user profile has no attribute "${name}"`,
      suggest(name, known),
    );
  }
}

function attributesOf({ data }: LocatedRealm): readonly string[] | undefined {
  const { unmanaged } = data.profile ?? {};
  return unmanaged !== undefined && unmanaged !== "refused" ? undefined : declaredIn(data);
}

function declaredIn(data: LocatedRealm["data"]): readonly string[] {
  const imported = data.upstreams.flatMap((u) => u.claims.map((claim) => attributeOf(claim.name)));
  return [
    ...builtInAttributes,
    ...Object.keys(data.profile?.attributes ?? {}),
    ...imported,
    usernameAttribute,
    memberAttribute,
    memberGroupsAttribute,
  ];
}
