import { describe, expect, it } from "vitest";
import type { Sight } from "../../../src/realms/kinds/kind.ts";
import { clientRoleKind, realmRoleKind } from "../../../src/realms/kinds/role.ts";
import { parseRole, type RoleName } from "../../../src/realms/role-name.ts";
import { heldBy, type RoleSnapshot } from "../../../src/realms/roles.ts";
import { identityOf } from "../../../src/reconcile/index.ts";

const named = (text: string): RoleName => parseRole(text) ?? { role: text };
const role = (text: string, ...composites: readonly string[]): RoleSnapshot => {
  const { client, role: name } = named(text);
  return { ...(client !== undefined && { client }), role: { name }, composites: composites.map(named) };
};
const rests = (...roles: readonly RoleSnapshot[]): object => {
  const sight = { snapshot: { roles } } as unknown as Sight<never>;
  const seen = [...realmRoleKind.observe(sight), ...clientRoleKind.observe(sight)];
  return Object.fromEntries(seen.map((o) => [identityOf(o), (o.dependsOn ?? []).map(identityOf)]));
};

describe("a role goes before the roles that it holds", () => {
  it("of the realm and of clients", () => {
    expect(rests(role("api admin", "realm r", "api view"), role("api view"), role("realm r", "api view"))).toEqual({
      "client-role api admin": ["realm-role r", "client-role api view"],
      "client-role api view": [],
      "realm-role r": ["client-role api view"],
    });
  });

  it("also where roles hold each other in a circle: one of them has to be first", () => {
    const circle = [role("realm a", "realm b"), role("realm b", "realm c"), role("realm c", "realm a", "realm c")];
    expect(rests(...circle)).toEqual({
      ...{ "realm-role a": ["realm-role b"], "realm-role b": ["realm-role c"], "realm-role c": [] },
    });
  });

  it("and each is looked at once, however many hold it", () => {
    const names = Array.from({ length: 40 }, (_, i) => `realm ${String(i).padStart(2, "0")}`);
    const all = names.map((name, i) => role(name, ...names.slice(i + 1)));
    expect(heldBy(all).get("realm 00")).toHaveLength(39);
  });
});
