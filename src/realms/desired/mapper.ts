import type { PlainMap } from "../../reconcile/index.ts";
import { type IdentityProviderMapperEntry, type MapperEntry, protocolOf } from "../format/mappers.ts";
import { defined, merge } from "./fields.ts";

/** A mapper of a client or a client scope in Keycloak's words, without its name. */
export function mapperFields(m: MapperEntry): PlainMap {
  switch (m.type) {
    case "attribute":
      return oidc("oidc-usermodel-attribute-mapper", m.in, {
        "user.attribute": m.attribute,
        "claim.name": m.claim ?? m.attribute,
        "jsonType.label": "String",
        multivalued: String(m.several ?? false),
      });
    case "groups":
      return oidc("oidc-group-membership-mapper", m.in, { "claim.name": m.claim, "full.path": String(m.fullPath) });
    case "realm-roles":
      return oidc("oidc-usermodel-realm-role-mapper", m.in, {
        ...roleClaim(m.claim),
        ...defined({ "usermodel.realmRoleMapping.rolePrefix": m.prefix }),
      });
    case "client-roles":
      return oidc("oidc-usermodel-client-role-mapper", m.in, {
        ...roleClaim(m.claim),
        "usermodel.clientRoleMapping.clientId": m.client,
        ...defined({ "usermodel.clientRoleMapping.rolePrefix": m.prefix }),
      });
    case "audience":
      return oidc(
        "oidc-audience-mapper",
        m.in,
        defined({ "included.client.audience": m.client, "included.custom.audience": m.audience }),
      );
    case "constant":
      return oidc("oidc-hardcoded-claim-mapper", m.in, {
        "claim.name": m.claim,
        "claim.value": m.value,
        "jsonType.label": m.json,
      });
    case "session-note":
      return oidc("oidc-usersessionmodel-note-mapper", m.in, {
        "user.session.note": m.note,
        "claim.name": m.claim,
        "jsonType.label": "String",
      });
    case "saml-attribute":
      return samlAttribute(m);
    case "custom":
      return merge({ protocol: protocolOf(m), protocolMapper: m.mapper, config: m.config }, m.raw);
  }
}

const samlAttribute = (m: Extract<MapperEntry, { type: "saml-attribute" }>): PlainMap => ({
  protocol: "saml",
  protocolMapper: "saml-user-attribute-mapper",
  config: defined({
    "user.attribute": m.attribute,
    "attribute.name": m.name ?? m.attribute,
    "attribute.nameformat": m.format,
    "friendly.name": m.friendlyName,
  }),
});

const roleClaim = (claim: string): PlainMap => ({
  "claim.name": claim,
  "jsonType.label": "String",
  multivalued: "true",
});

const places = ["id", "access", "userinfo", "introspection"] as const;

function oidc(protocolMapper: string, where: readonly string[] | undefined, config: PlainMap): PlainMap {
  const on = Object.fromEntries(
    places.map((place) => [
      place === "introspection" ? "introspection.token.claim" : `${place}.token.claim`,
      String(where?.includes(place) ?? true),
    ]),
  );
  return { protocol: "openid-connect", protocolMapper, config: { ...config, ...on } };
}

/** A mapper of an identity provider in Keycloak's words, without its name. FORCE: at every login, also when the claim is gone. */
export function identityProviderMapperFields(m: IdentityProviderMapperEntry, saml: boolean): PlainMap {
  const fields = (identityProviderMapper: string, config: PlainMap): PlainMap => ({
    identityProviderMapper,
    config: { ...config, syncMode: "FORCE" },
  });
  switch (m.type) {
    case "attribute":
      return saml
        ? fields("saml-user-attribute-idp-mapper", { "attribute.name": m.claim, "user.attribute": m.attribute })
        : fields("oidc-user-attribute-idp-mapper", { claim: m.claim, "user.attribute": m.attribute });
    case "constant":
      return fields("hardcoded-attribute-idp-mapper", { attribute: m.attribute, "attribute.value": m.value });
    case "group":
      return fields("oidc-hardcoded-group-idp-mapper", { group: m.group });
    case "role":
      return fields("oidc-hardcoded-role-idp-mapper", { role: m.role });
    case "custom":
      return merge({ identityProviderMapper: m.mapper, config: m.config }, m.raw);
  }
}
