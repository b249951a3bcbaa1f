import { describe, expect, test } from "vitest";
import { rereadRealmTables } from "../../../src/realms/index.ts";
import { bare, brokered, pick, problemsIn, resourcesOf } from "./kit.ts";

// People who live in the realm, as members of an organization (decision 0075).

const organization = (more: string) => `organizations:\n  - {id: c, name: C, domains: [c.example]${more}}`;
const members = organization(", members: c-members");

describe("an organization whose people live in the realm", () => {
  test("has a form for a password, which only who comes with an organization's scope sees", async () => {
    const resources = await resourcesOf(brokered(members));
    const flow = pick(resources, "authentication-flow", "cloudpass-browser-members");
    expect(pick(resources, "client", "cloudpass").fields["authenticationFlowBindingOverrides"]).toEqual({
      browser: "cloudpass-browser-members",
    });
    const [, , member] = flow.fields["steps"] as {
      readonly steps?: readonly { readonly steps: readonly object[] }[];
    }[];
    expect(member?.steps?.[0]?.steps.slice(0, 2)).toMatchObject([
      { does: "conditional-client-scope", config: { config: { client_scope: "organization" } } },
      { does: "auth-username-password-form", requirement: "REQUIRED" },
    ]);
  });

  test("marks its accounts where only administrators write, and the broker is told", async () => {
    const resources = await resourcesOf(brokered(members));
    expect(pick(resources, "profile-attribute", "cloudpass.member").fields["permissions"]).toEqual({
      view: ["admin"],
      edit: ["admin"],
    });
    const mapper = pick(resources, "client-mapper", "cloudpass cloudpass member_of").fields;
    expect(mapper["config"]).toMatchObject({ "user.attribute": "cloudpass.member", "claim.name": "member_of" });
    const groups = pick(resources, "profile-attribute", "cloudpass.groups").fields;
    expect(groups).toMatchObject({ multivalued: true, permissions: { view: ["admin"], edit: ["admin"] } });
    const ofGroups = pick(resources, "client-mapper", "cloudpass cloudpass member_groups").fields;
    expect(ofGroups["config"]).toMatchObject({ "user.attribute": "cloudpass.groups", multivalued: "true" });
    const scope = pick(resources, "client-scope-assignment", "cloudpass organization");
    expect(scope.fields["assigned"]).toBe("optional");
  });

  test("leaves realms without one as they were", async () => {
    const kinds = (await resourcesOf(brokered(organization("")))).map(({ key }) => JSON.stringify(key));
    expect(kinds).toContain('"cloudpass-browser"');
    expect(kinds.filter((key) => /member|"organization"/.test(key))).toEqual([]);
  });

  test("stands in the place of an identity provider: open, with its domains, closed with the organization", () => {
    const tablesOf = (text: string) => {
      const read = rereadRealmTables(
        () => ({ ok: true, value: [{ file: "realms/c.yaml", text }] }),
        () => undefined,
      )();
      if (!read.ok) throw new Error(read.refusal[0]?.message);
      return read.value;
    };
    expect(tablesOf(brokered(members))).toMatchObject({
      members: [{ alias: "c-members", organization: "c" }],
      stages: [{ alias: "c-members", stage: "active", name: "C", domains: ["c.example"] }],
    });
    const closed = tablesOf(brokered(organization(", enabled: false, members: c-members")));
    expect(closed.stages).toMatchObject([{ alias: "c-members", stage: "suspended" }]);
  });

  test.each([
    ["without a broker", bare(members), /only a broker lets members in/],
    [
      "under the id of an identity provider",
      brokered(
        `${members}\nupstreams:\n  - {id: c-members, template: keycloak, issuer: "https://i.example", client: {id: us, secret: {env: A_SECRET}}}`,
      ),
      /c-members/,
    ],
    ["under another one's name", brokered(`${members}\n  - {id: d, name: D, members: c-members}`), /c-members/],
    ["under a name that no alias has", brokered(organization(', members: "c members"')), /members/],
  ])("is refused %s", (_what, text, message) => {
    expect(
      problemsIn(text)
        .map((p) => `${p.path} ${p.message}`)
        .join("\n"),
    ).toMatch(message);
  });
});
