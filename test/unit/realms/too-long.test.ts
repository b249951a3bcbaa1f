import { describe, expect, it } from "vitest";
import { bare, problemsIn, realmOf } from "./kit.ts";

// Keycloak 26.7.4 answers HTTP 500 to each of these that is longer by one, and says why in its own log only.
const long = (n: number) => "x".repeat(n);
const doc = (sections: object) =>
  `${bare()}${Object.entries(sections)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join("\n")}\n`;
const client = (fields: object) => ({ clients: { c: { template: "custom", codeFlow: true, ...fields } } });

describe("a text that Keycloak's database has no room for is refused before anything is sent", () => {
  it.each<[string, number, (text: string) => object]>([
    ["description of a client", 255, (description) => client({ description })],
    ["redirect", 255, (text) => client({ redirects: [text] })],
    ["origin", 255, (text) => client({ webOrigins: [text] })],
    ["description of a client scope", 255, (description) => ({ clientScopes: { s: { description } } })],
    ["attribute of a client scope", 2048, (a) => ({ clientScopes: { s: { attributes: { a } } } })],
    ["description of a role", 255, (description) => ({ roles: { realm: { r: { description } } } })],
    ["attribute of a role", 255, (a) => ({ roles: { realm: { r: { attributes: { a } } } } })],
    [
      "attribute of a client's role",
      255,
      (a) => ({ ...client({}), roles: { clients: { c: { r: { attributes: { a: [a] } } } } } }),
    ],
    ["attribute of a group", 255, (a) => ({ groups: { g: { attributes: { a } } } })],
    [
      "attribute of a group in a group",
      255,
      (a) => ({ groups: { g: { groups: { h: { attributes: { a: ["x", a] } } } } } }),
    ],
    ["attribute of an organization", 255, (a) => ({ organizations: [{ id: "o", name: "O", attributes: { a } }] })],
  ])("%s", (_what, most, sections) => {
    const at = (n: number) => `https://a.example/${long(n)}`.slice(0, n);
    expect(realmOf(doc(sections(at(most)))).realm).toBe("x");
    expect(problemsIn(doc(sections(at(most + 1))))[0]?.message).toMatch(
      new RegExp(`<=${most} characters|${most + 1} characters; Keycloak holds at most ${most} `),
    );
  });
});
