import { describe, expect, it } from "vitest";
import { identityProviderKind } from "../../../src/realms/kinds/identity-provider.ts";
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
