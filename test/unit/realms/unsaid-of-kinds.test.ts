import { describe, expect, it } from "vitest";
import { identityProviderKind } from "../../../src/realms/kinds/identity-provider.ts";
import type { RealmSite, Seen, Sight } from "../../../src/realms/kinds/kind.ts";
import { newAction } from "../../../src/realms/kinds/new-realm.ts";
import { realmKind } from "../../../src/realms/kinds/realm.ts";
import { localizationKind } from "../../../src/realms/kinds/texts.ts";
import { stateIn } from "../../../src/realms/state.ts";
import type { Plain, PlainMap } from "../../../src/reconcile/index.ts";

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

describe("a setting of the realm that no new realm is known to have", () => {
  /** What an update sends of one that is to be unset. */
  const sent = async (was: Plain): Promise<object> => {
    const bodies: object[] = [];
    const at = {
      realm: "r",
      stateStore: { settle: async (_: string, settings: object) => void bodies.push(settings) },
    };
    const observed = { kind: "realm", key: "r", fields: { ofAnExtension: was }, owned: false };
    const wanted = { kind: "realm", key: "r", fields: { ofAnExtension: null } } as const;
    await realmKind.update(at as unknown as RealmSite, wanted, observed as Seen<"realm">, []);
    return bodies[0] ?? {};
  };
  const seen = (ofAnExtension: Plain, said: PlainMap = {}): PlainMap | undefined => {
    const realm = { realm: "r", enabled: false, verifyEmail: false, ofAnExtension };
    const wanted = new Map([["r", { kind: "realm", key: "r", fields: said } as const]]);
    const snapshot = { realm, name: "r", state: stateIn({}) };
    const [one] = realmKind.observe({ snapshot, wanted } as unknown as Sight<"realm">);
    return one?.fields;
  };

  it("goes by the value that Keycloak takes for none, whatever kind of value it has", async () => {
    expect(await sent("x")).toEqual({ ofAnExtension: "" });
    expect(await sent(["x"])).toEqual({ ofAnExtension: [] });
    expect(await sent(true)).toEqual({ ofAnExtension: false });
    expect(await sent(false)).toEqual({});
    expect(await sent(7)).toEqual({});
  });

  it("counts as unset when it is off and the file does not say so", () => {
    expect(seen(false)).toEqual({ realm: "r", enabled: false, verifyEmail: false, attributes: {} });
    expect(seen(true)).toMatchObject({ ofAnExtension: true });
    expect(seen(false, { ofAnExtension: false })).toMatchObject({ ofAnExtension: false });
  });
});

describe("the mail server of a realm, where a file says that there is none", () => {
  const server = { host: "mail.example", auth: "true", user: "u", authTokenClientSecret: "shown by this release" };

  it("is taken away whole, with whatever logs in there", async () => {
    const bodies: object[] = [];
    const at = { realm: "r", stateStore: { settle: async (_: string, body: object) => void bodies.push(body) } };
    const remote = { id: "1", raw: { smtpServer: server } };
    const observed: Seen<"realm"> = { kind: "realm", key: "r", fields: { smtpServer: server }, owned: false, remote };
    const wanted = { kind: "realm", key: "r", fields: { smtpServer: null } } as const;
    await realmKind.update(at as unknown as RealmSite, wanted, observed, []);
    expect(bodies).toEqual([{ smtpServer: {} }]);
  });

  it("is none as Keycloak answers it then", () => {
    const snapshot = { realm: { realm: "r", smtpServer: {} }, name: "r", state: stateIn({}) };
    const [one] = realmKind.observe({ snapshot, wanted: new Map() } as unknown as Sight<"realm">);
    expect(one?.fields).toEqual({ realm: "r", attributes: {} });
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
