import { describe, expect, test } from "vitest";
import {
  addIdentityProvider,
  checkChange,
  organizationsWith,
  type RealmFile,
  type WrittenIdentityProvider,
  withoutIdentityProvider,
  withSecret,
  withStage,
  writtenIdentityProviders,
} from "../../../src/realms/index.ts";

const text = `# Our customers
kind: Realm
realm: scs
organizations:
  - {id: a, name: A, domains: [a.example], login: a-idp, upstreams: [a-idp]} # the first one
upstreams:
  - id: a-idp
    template: keycloak
    issuer: https://idp.example/realms/a # theirs
    client: {id: x, secret: {env: A_SECRET}}
    stage: testing
    testers: [ann]
---
kind: RealmPart
realm: scs
upstreams:
  - id: b-idp
    template: oidc
    issuer: {env: B_ISSUER}
    client: {id: x, secret: {env: B_SECRET}}
`;
const file: RealmFile = { file: "realms/scs.yaml", text };

function written(id: string): WrittenIdentityProvider {
  const all = writtenIdentityProviders([file]);
  const found = all.ok ? all.value.find(({ entry }) => entry["id"] === id) : undefined;
  if (!found) throw new Error(`no ${id}`);
  return found;
}
/** Lines that came and went. */
function changed(after: string): { gone: string[]; came: string[] } {
  const [before, now] = [text.split("\n"), after.split("\n")];
  return { gone: before.filter((line) => !now.includes(line)), came: now.filter((line) => !before.includes(line)) };
}

describe("a change of a realm file", () => {
  test("names every identity provider of every document, without looking anything up", () => {
    expect(written("b-idp")).toMatchObject({ document: 1, realm: "scs", keycloak: "main", stage: "active" });
    expect(organizationsWith([file], "a-idp")).toEqual(["a"]);
  });

  test("of the stage touches that entry only, and takes testers away where they mean nothing", () => {
    expect(changed(withStage(written("a-idp"), "active", []))).toEqual({
      gone: ["    stage: testing", "    testers: [ann]"],
      came: ["    stage: active"],
    });
    expect(changed(withStage(written("b-idp"), "testing", ["bob"]))).toEqual({
      gone: [],
      came: ["    testers:", "      - bob"],
    });
  });

  test("of the secret replaces the reference, and the old end with it", () => {
    const { came } = changed(withSecret(written("a-idp"), { file: "/run/a" }, "2027-01-31"));
    expect(came).toEqual(["    client: {id: x, secret: {file: /run/a}, expires: 2027-01-31}"]);
  });

  test("that adds makes the organization, or joins the one that is there", () => {
    const entry = {
      id: "c-idp",
      template: "oidc",
      issuer: "https://c.example",
      client: { id: "x", secret: { env: "C" } },
    };
    const customer = { organization: "c", name: "C", domains: ["c.example"] };
    expect(changed(addIdentityProvider(file, entry, customer))).toEqual({
      gone: [],
      came: [
        "  - id: c",
        "    name: C",
        "    domains: [c.example]",
        "    login: c-idp",
        "  - id: c-idp",
        "    issuer: https://c.example",
        "    client: {id: x, secret: {env: C}}",
      ],
    });
    expect(changed(addIdentityProvider(file, entry, { ...customer, organization: "a" })).came[0]).toContain(
      "login: a-idp, upstreams: [a-idp, c-idp]} # the first one",
    );
  });

  test("that removes takes it out of its organizations too, and leaves the rest to the letter", () => {
    const { gone, came } = changed(withoutIdentityProvider(written("a-idp")));
    expect(came).toEqual([
      "  - {id: a, name: A, domains: [a.example], upstreams: []} # the first one",
      "upstreams: []",
    ]);
    expect(gone).toHaveLength(7);
  });

  test("is refused for what it brings, not for what was wrong or missing before", () => {
    const lookup = () => undefined;
    expect(checkChange([file], { ...file, text: withStage(written("a-idp"), "active", []) }, lookup)).toEqual({
      ok: true,
      value: undefined,
    });
    const wrong = addIdentityProvider(file, { id: "Not An Alias", template: "oidc" }, undefined);
    expect(checkChange([file], { ...file, text: wrong }, lookup).ok).toBe(false);
  });
});
