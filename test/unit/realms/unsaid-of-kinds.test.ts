import { describe, expect, it } from "vitest";
import { identityProviderKind } from "../../../src/realms/kinds/identity-provider.ts";
import { newAction } from "../../../src/realms/kinds/new-realm.ts";
import { localizationKind } from "../../../src/realms/kinds/texts.ts";
import type { PlainMap } from "../../../src/reconcile/index.ts";

describe("the issuer of an identity provider that a file does not say", () => {
  const unsaid = (was: string, wanted: string): PlainMap => {
    const fields = { providerId: was, config: { issuer: "https://idp.example", "by.hand": "x" } };
    const observed = { kind: "identity-provider", key: "idp", fields, owned: true };
    return identityProviderKind.rule.unsaid?.(observed, { providerId: wanted }) ?? {};
  };

  it("is Keycloak's to write where the provider is for one server", () => {
    expect(unsaid("google", "google")["config"]).toEqual({ "by.hand": null });
  });

  it("goes where the provider is for any server, also when it was for one before", () => {
    for (const was of ["oidc", "saml", "google"]) {
      expect(unsaid(was, "oidc")["config"]).toEqual({ issuer: null, "by.hand": null });
    }
  });
});

describe("a text that a file does not say", () => {
  it("goes whatever it is called, also as our marks elsewhere are", () => {
    const fields = { texts: { "cloudpass.welcome": "Hello", loginTitle: "Log in" } };
    const observed = { kind: "localization", key: "en", fields, owned: false };
    const unsaid = localizationKind.rule.unsaid?.(observed, {});
    expect(unsaid).toEqual({ texts: { "cloudpass.welcome": null, loginTitle: null } });
  });
});

describe("a required action that a jar brings", () => {
  it("is known in nothing but what is the same for all, whatever it is called", () => {
    for (const alias of ["theirs", "constructor"])
      expect(newAction(alias)).toStrictEqual({ defaultAction: false, config: {} });
  });
});
