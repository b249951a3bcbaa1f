import { beforeAll, describe, expect, inject, it } from "vitest";
import { formatPlan, identityOf, type Resource } from "../../../src/reconcile/index.ts";
import { reached } from "../own-keycloak.ts";
import { kindCases } from "./cases.ts";
import { connectTo, siteOf } from "./site.ts";

const { rig, admin } = reached(inject("keycloak"));
const realm = "kinds";
const itself: Resource = {
  kind: "realm",
  key: realm,
  fields: { enabled: true, organizationsEnabled: true, internationalizationEnabled: true },
};
const site = siteOf(connectTo(rig), realm);
/** Every plan that was made. */
const said: string[] = [];

beforeAll(async () => {
  await site.bring([itself]);
});

describe.each(kindCases)("$kind $key", ({ kind, key, ground = [], secrets, ...c }) => {
  const base = [itself, ...ground];
  const wanted = (fields: Resource["fields"]): Resource[] => [
    ...base,
    { kind, key, fields, dependsOn: ground.map((r) => ({ kind: r.kind, key: r.key })), ...(secrets && { secrets }) },
  ];
  const plan = async (fields: Resource["fields"]) => formatPlan(await site.plan(wanted(fields)));

  it("is made, changed, unset and taken away; each time the next plan is empty", async () => {
    for (const [method, path, body] of c.byHand ?? []) await admin.call(method, `/${realm}${path}`, body);
    for (const fields of [c.made, c.changed, ...(c.unset ? [c.unset] : [])]) {
      const before = await site.bring(wanted(fields));
      said.push(formatPlan(before), JSON.stringify(before));
      if (fields !== c.changed || JSON.stringify(c.changed) !== JSON.stringify(c.made)) {
        expect(before.steps.map(identityOf), await plan(fields)).toContain(identityOf({ kind, key }));
      }
      expect((await site.plan(wanted(fields))).steps, await plan(fields)).toEqual([]);
    }
    const gone = await site.bring(base);
    expect(gone.steps.map(identityOf)).toEqual(c.stays === "as new by then" ? [] : [identityOf({ kind, key })]);
    expect((await site.plan(base)).steps).toEqual([]);
    await site.bring([itself]);
    if (c.neighbour) {
      const [path, as] = c.neighbour;
      const found = await admin.call("GET", `/${realm}${path}`);
      expect(Array.isArray(found) ? found[0] : found).toMatchObject(as);
    }
  });
});

describe("a secret", () => {
  it("stands in no plan, and in nothing that we keep in the realm", async () => {
    const secrets = kindCases.flatMap((c) => Object.values(c.secrets ?? {}).map(({ value }) => value.reveal()));
    expect(secrets.length).toBeGreaterThan(2);
    const kept = JSON.stringify(await admin.get(`/${realm}`));
    for (const secret of secrets) expect(said.join("\n") + kept).not.toContain(secret);
    expect(said.join("\n")).toContain("bindCredential: [secret]");
  });
});
