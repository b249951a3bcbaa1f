import { describe, expect, it } from "vitest";
import { withoutRefused } from "../../../src/realms/importing/refused.ts";

const document = (sections: Record<string, unknown>) => ({ kind: "Realm", realm: "r", ...sections });
const custom = { template: "custom", public: true };
const badMapper = { type: "custom", mapper: "oidc-sub-mapper", protocol: "nonsense", config: {} };

describe("what a realm file refuses", () => {
  it("is looked for some few times, however many things there are", () => {
    const clients = Array.from({ length: 1500 }, (_, i) => {
      return [`c-${i}`, i % 5 === 0 ? { ...custom, mappers: { m: badMapper } } : custom] as const;
    });
    const before = process.threadCpuUsage();
    const { document: rest, left } = withoutRefused(document({ clients: Object.fromEntries(clients) }));
    const { user, system } = process.threadCpuUsage(before);
    expect(left).toHaveLength(300);
    expect(Object.keys(rest["clients"] as object)).toHaveLength(1500);
    // Microseconds: one look for each of them takes many times as long.
    expect(user + system).toBeLessThan(4_000_000);
  });

  it("keeps its note beside one whose name begins alike", () => {
    const { left } = withoutRefused(
      document({
        clients: {
          "web.admin": { ...custom, mappers: { m: badMapper } },
          web: { ...custom, template: "none such" },
        },
      }),
    );
    expect(left.map((note) => note.split(": ")[0]).sort()).toEqual([
      "clients.web",
      "clients.web.admin.mappers.m.protocol",
    ]);
  });

  it("goes out of a list, each with its note", () => {
    const { document: rest, left } = withoutRefused(
      document({ clients: { c: { ...custom, redirects: ["https://a.example", 1, "https://b.example", 2] } } }),
    );
    expect(rest["clients"]).toEqual({ c: { ...custom, redirects: ["https://a.example", "https://b.example"] } });
    expect(left).toHaveLength(2);
  });

  it("is one role of each circle, and one policy of each", () => {
    const holds = (role: string) => ({ composites: { realm: [role] } });
    const byItself = (policy: string) => ({ type: "aggregate", policies: [policy] });
    const { document: rest, left } = withoutRefused(
      document({
        roles: { realm: { a: holds("b"), b: holds("c"), c: holds("a"), d: holds("e"), e: holds("d") } },
        clients: {
          c: { template: "custom", machine: true, authorization: { policies: { p: byItself("q"), q: byItself("p") } } },
        },
      }),
    );
    expect(left.map((note) => note.split(": ")[0])).toEqual([
      "roles.realm.a.composites",
      "roles.realm.d.composites",
      "clients.c.authorization.policies.p.policies",
    ]);
    expect(rest["roles"]).toEqual({ realm: { a: {}, b: holds("c"), c: holds("a"), d: {}, e: holds("d") } });
  });

  it("takes with it who names the role, and not who names one of which only a part is left out", () => {
    const byItself = { composites: { clients: { c: ["round"] } } };
    const roles = { realm: { plain: {} }, clients: { c: { round: byItself, constructor: {}, fine: {} } } };
    const { document: rest, left } = withoutRefused(
      document({
        roles,
        clients: { c: { ...custom, scopeMappings: { clients: { c: ["round"] } } } },
        groups: {
          named: { roles: { realm: ["plain"], clients: { c: ["round"] } } },
          gone: { roles: { clients: { c: ["constructor", "fine"] } } },
        },
      }),
    );
    expect(left.map((note) => note.split(": ")[0]).sort()).toEqual([
      "groups.gone.roles",
      "roles.clients.c.constructor",
      "roles.clients.c.round.composites",
    ]);
    expect(rest["groups"]).toEqual({ named: { roles: { realm: ["plain"], clients: { c: ["round"] } } }, gone: {} });
    expect(rest["clients"]).toEqual({ c: { ...custom, scopeMappings: { clients: { c: ["round"] } } } });
  });

  it("goes with what it stands in, for the reason of the first", () => {
    const { left } = withoutRefused(
      document({
        organizations: [
          { id: "o", name: 1, domains: [1] },
          { id: "fine", name: "Fine" },
        ],
      }),
    );
    expect(left).toEqual([expect.stringMatching(/^organizations\.o: .*expected/)]);
  });
});
