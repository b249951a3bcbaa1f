import type { Fields, Hand } from "../hand.ts";
import type { Chance } from "./chance.ts";
import { attributesFrom, nameFrom, plainName, textFrom } from "./names.ts";
import type { Held } from "./rights.ts";

const secret = { clientId: "us", clientSecret: "kept by hand" };

/** Identity providers with their mappers, as a realm's representation holds them. */
export function identityProvidersFrom(chance: Chance, held: Held): Fields {
  const identityProviders = Array.from({ length: 1 + chance.below(3) }, (_, nth) => providerFrom(chance, nth));
  const identityProviderMappers = identityProviders.flatMap(({ alias, providerId }) =>
    mappersFrom(chance, held, String(providerId)).map((it) => ({ identityProviderAlias: alias, ...it })),
  );
  return { identityProviders, identityProviderMappers };
}

function providerFrom(chance: Chance, nth: number): Fields {
  const providerId = chance.oneOf(["oidc", "keycloak-oidc", "saml", "google", "github", "oauth2"]);
  return {
    ...{
      alias: plainName(chance, nth),
      providerId,
      config: config(chance, providerId),
    },
    ...chance.membersOf({
      displayName: textFrom(chance),
      enabled: chance.is(0.7),
      trustEmail: chance.is(0.5),
      storeToken: chance.is(0.5),
      addReadTokenRoleOnCreate: chance.is(0.5),
      linkOnly: chance.is(0.5),
      hideOnLogin: chance.is(0.5),
      firstBrokerLoginFlowAlias: "first broker login",
    }),
  };
}

function config(chance: Chance, providerId: string): Fields {
  const common = chance.membersOf({ syncMode: chance.oneOf(["IMPORT", "FORCE", "LEGACY"]), guiOrder: "2" });
  if (providerId === "google" || providerId === "github") return { ...secret, ...common };
  if (providerId === "saml") {
    return {
      ...{ entityId: "https://us.example", singleSignOnServiceUrl: "https://idp.example/sso", ...common },
      ...chance.membersOf({
        postBindingResponse: "true",
        wantAuthnRequestsSigned: "false",
        nameIDPolicyFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        principalType: "SUBJECT",
        validateSignature: "false",
      }),
    };
  }
  return {
    ...{ ...secret, ...common, authorizationUrl: "https://idp.example/a", tokenUrl: "https://idp.example/t" },
    ...(providerId === "oauth2" && { userInfoUrl: "https://idp.example/u", userIDClaim: "sub" }),
    ...chance.oneOf([{}, { pkceEnabled: "true", pkceMethod: "S256" }]),
    ...chance.membersOf({
      issuer: "https://idp.example",
      userInfoUrl: "https://idp.example/u",
      logoutUrl: "https://idp.example/out",
      defaultScope: "openid email",
      clientAuthMethod: chance.oneOf(["client_secret_post", "client_secret_basic"]),
      prompt: "login",
      filteredByClaim: "false",
      mine: textFrom(chance),
    }),
  };
}

function mappersFrom(chance: Chance, held: Held, providerId: string): Fields[] {
  const [role = ""] = held.roles;
  const oidc = [
    [
      "oidc-user-attribute-idp-mapper",
      { claim: chance.oneOf(["mail", "https://x.example/mail"]), "user.attribute": "email" },
    ],
    ["oidc-role-idp-mapper", { claim: "roles", "claim.value": "x", role }],
    ["oidc-username-idp-mapper", { template: ["$", "{CLAIM.sub}"].join(""), target: "LOCAL" }],
  ] as const;
  const any = [
    ["hardcoded-attribute-idp-mapper", { attribute: "tier", "attribute.value": textFrom(chance) }],
    ["oidc-hardcoded-role-idp-mapper", { role }],
  ] as const;
  const possible =
    providerId === "saml" || providerId === "google" || providerId === "github" ? any : [...oidc, ...any];
  return chance.someOf<readonly [string, Fields]>(possible, 3).map(([identityProviderMapper, fields], nth) => ({
    ...{ name: nameFrom(chance, nth), identityProviderMapper },
    config: { ...fields, syncMode: chance.oneOf(["INHERIT", "FORCE", "IMPORT"]) },
  }));
}

/** Makes organizations, some with an identity provider. */
export async function makeOrganizations(at: Hand, chance: Chance, aliases: readonly string[]): Promise<void> {
  const free = [...aliases];
  for (const nth of [0, 1, 2].slice(chance.below(3))) {
    const alias = plainName(chance, nth).toLowerCase();
    const domains = [`${alias.replace(/[^a-z0-9]/g, "")}.example`, `x${nth}.test`];
    const id = await at.post("/organizations", {
      ...{ name: nameFrom(chance, nth), alias },
      domains: chance.someOf(domains).map((name) => ({ name, verified: chance.is(0.5) })),
      ...chance.membersOf({
        description: textFrom(chance),
        redirectUrl: "https://acme.example/",
        enabled: chance.is(0.5),
        attributes: attributesFrom(chance),
      }),
    });
    const provider = free.pop();
    if (provider !== undefined && chance.is(0.7)) await at.post(`/organizations/${id}/identity-providers`, provider);
  }
}
