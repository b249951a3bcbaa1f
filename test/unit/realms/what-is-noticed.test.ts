import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recheckTable } from "../../../src/realms/index.ts";
import { realmOf } from "./kit.ts";

const page = readFileSync(new URL("../../../docs/explanation/taking-back.md", import.meta.url), "utf8");

/** Rows of the table about templates: template, recheck, disabled, lost group. */
const rows = page.split("\n").flatMap((line) => {
  const cells = line.split("|").map((cell) => cell.trim());
  return /^`[a-z]+`$/.test(cells[1] ?? "") ? [cells.slice(1, 5)] : [];
});

const client = "client: {id: x, secret: {env: A_SECRET}}";
const certificate = "A".repeat(120);
const entries: Readonly<Record<string, string>> = {
  keycloak: `issuer: https://i.example/realms/a, ${client}`,
  oidc: `issuer: https://i.example, ${client}`,
  adfs: `issuer: https://i.example/adfs, ${client}`,
  entra: `tenant: 3f0c77aa-0000-4000-8000-000000000000, ${client}`,
  google: `hostedDomain: a.example, ${client}`,
  saml: `entityId: e, singleSignOn: https://i.example, certificates: [${certificate}]`,
  custom: "provider: github",
};

describe("what a page says of each template is what the broker does", () => {
  test("and there is a row for each", () =>
    expect(rows.map(([template]) => template?.replaceAll("`", "")).sort()).toEqual(Object.keys(entries).sort()));

  test.each(rows)("%s: recheck %s, a person disabled: %s, a group lost: %s", (name, recheck, disabled, lost) => {
    const template = String(name).replaceAll("`", "");
    const entry = `{id: a-idp, template: ${template}, ${entries[template]}, claims: [groups]}`;
    const [rule] = recheckTable([realmOf(`kind: Realm\nrealm: x\nupstreams: [${entry}]`)]);
    expect(rule?.recheck).toBe(recheck);
    const asked = rule?.recheck !== "none";
    expect(String(disabled).startsWith("the next refresh")).toBe(asked);
    expect(String(lost).startsWith("the next refresh")).toBe(asked && rule?.claims.includes("groups"));
  });
});
