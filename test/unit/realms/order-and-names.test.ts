import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import { describe, expect, it } from "vitest";
import { realmAccess } from "../../../src/realms/access.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { clientKind } from "../../../src/realms/kinds/client.ts";
import { removeFlow } from "../../../src/realms/kinds/flow-building.ts";
import type { RealmSite } from "../../../src/realms/kinds/kind.ts";
import { profileSettingsKind } from "../../../src/realms/kinds/profile.ts";
import { bare, problemsIn } from "./kit.ts";

/** A realm behind a client of Keycloak's that the test makes up. */
function siteWith(client: object, settled: unknown[] = []): RealmSite {
  const keycloak: Keycloak = {
    call: async (_operation, _manner, request) => (await request(client as KeycloakAdminClient)) ?? undefined,
    ...{ forgetToken: () => {}, nonce: () => "n", sent: () => 0 },
  };
  const stateStore = {
    change: async () => {},
    settle: async (_doing: string, settings: unknown) => void settled.push(settings),
  };
  return { ...realmAccess(keycloak, "x"), stateStore };
}

describe("names that Keycloak takes once in a realm", () => {
  const flow = (name: string, sub: string) =>
    `${name}: {steps: [{flow: ${sub}, requirement: required, steps: [{does: auth-cookie, requirement: required}]}]}`;

  it("of flows within two flows are refused before half a flow is made", () => {
    const [problem] = problemsIn(bare(`flows:\n  ${flow("a", "forms of us")}\n  ${flow("b", "forms of us")}`));
    expect(problem).toMatchObject({ line: 5, message: '"forms of us" is there twice', fix: "name it anew" });
  });

  it("of a flow within a flow and of another flow, too", () => {
    expect(problemsIn(bare(`flows:\n  ${flow("a", "b")}\n  ${flow("b", "c")}`))[0]?.message).toBe('"b" is there twice');
  });

  it("of what steps of any flows are set up with", () => {
    const step = "{does: idp-review-profile, requirement: required, config: {alias: review, settings: {a: b}}}";
    const [problem] = problemsIn(bare(`flows:\n  a: {steps: [${step}]}\n  b: {steps: [${step}]}`));
    expect(problem).toMatchObject({ line: 5, message: '"review" is there twice' });
  });
});

describe("a heading of the profile", () => {
  it("that goes leaves nothing under it: Keycloak would refuse the whole profile", async () => {
    const written: unknown[] = [];
    const attributes = [
      { name: "floor", group: "work" },
      { name: "town", group: "home" },
    ];
    const users = {
      getProfile: async () => ({ attributes, groups: [{ name: "work" }, { name: "home" }] }),
      updateProfile: async (profile: unknown) => void written.push(profile),
    };
    const resource = { kind: "profile-settings", key: "profile", fields: { groups: [{ name: "home" }] } } as const;
    await profileSettingsKind.create(siteWith({ users }), resource);
    expect(written).toEqual([
      {
        ...{ realm: "x", groups: [{ name: "home" }] },
        attributes: [{ name: "floor" }, { name: "town", group: "home" }],
      },
    ]);
  });
});

describe("a flow that goes", () => {
  it("is taken from all who use it first: realm, identity providers and clients do as Keycloak's own", async () => {
    const [asked, settled]: [unknown[], unknown[]] = [[], []];
    const provider = { alias: "idp", firstBrokerLoginFlowAlias: "mine", postBrokerLoginFlowAlias: "mine", config: {} };
    const client = {
      realms: { findOne: async () => ({ browserFlow: "mine", directGrantFlow: "direct grant" }) },
      identityProviders: {
        find: async () => [provider, { alias: "other" }],
        update: async (_: unknown, body: unknown) => void asked.push(body),
      },
      clients: {
        find: async () => [
          { id: "1", clientId: "app", authenticationFlowBindingOverrides: { browser: "f1", direct_grant: "f2" } },
          { id: "2", clientId: "other" },
        ],
        update: async (_: unknown, body: unknown) => void asked.push(body),
      },
      authenticationManagement: { deleteFlow: async ({ flowId }: { flowId: string }) => void asked.push(flowId) },
    };
    await removeFlow(siteWith(client, settled), "mine", ["f1"]);
    expect(settled).toEqual([{ browserFlow: "browser" }]);
    expect(asked).toEqual([
      { ...provider, firstBrokerLoginFlowAlias: "first broker login", postBrokerLoginFlowAlias: "" },
      { clientId: "app", webOrigins: [], authenticationFlowBindingOverrides: { browser: "" } },
      "f1",
    ]);
  });
});

describe("an attribute that Keycloak gives to every new client", () => {
  it("is made otherwise after the client is made: Keycloak does not hear of it before", async () => {
    const asked: (readonly [string, object])[] = [];
    const clients = {
      create: async (body: object) => {
        asked.push(["create", body]);
        return { id: "1" };
      },
      update: async (_: unknown, body: object) => void asked.push(["update", body]),
    };
    const attributes = {
      ...{ "backchannel.logout.session.required": null, "my.own": null },
      ...{ "backchannel.logout.revoke.offline.tokens": "true", other: "x" },
    };
    await clientKind.create(siteWith({ clients }), { kind: "client", key: "app", fields: { attributes } });
    const otherwise = {
      ...{ "backchannel.logout.session.required": "", "backchannel.logout.revoke.offline.tokens": "true" },
    };
    expect(asked[0]).toMatchObject(["create", { attributes: { ...otherwise, other: "x" } }]);
    expect(asked[1]).toEqual([
      "update",
      {
        ...{ clientId: "app", webOrigins: [], frontchannelLogout: false },
        attributes: otherwise,
      },
    ]);
    await clientKind.create(siteWith({ clients }), { kind: "client", key: "app", fields: {} });
    expect(asked.map(([verb]) => verb)).toEqual(["create", "update", "create"]);
  });

  it("is taken away again where Keycloak makes it, as keys of a SAML client that shows none", async () => {
    const asked: object[] = [];
    const clients = {
      create: async () => ({ id: "1" }),
      update: async (_: unknown, body: object) => void asked.push(body),
    };
    const attributes = { "saml.signing.certificate": null, "saml.signing.private.key": null };
    const fields = { protocol: "saml", attributes };
    await clientKind.create(siteWith({ clients }), { kind: "client", key: "app", fields });
    expect(asked).toMatchObject([{ attributes: { "saml.signing.certificate": "", "saml.signing.private.key": "" } }]);
  });
});
