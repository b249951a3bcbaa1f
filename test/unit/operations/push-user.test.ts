import { describe, expect, test } from "vitest";
import { createAudit } from "../../../src/audit/index.ts";
import {
  Fault,
  instant,
  makeSeal,
  manualClock,
  Secret,
  type SubjectId,
  seconds,
  systemRandom,
  type TenantName,
} from "../../../src/core/index.ts";
import { type PushDeps, type Pusher, pushNewUser, pushNoUser, pushUser } from "../../../src/operations/index.ts";
import { findUser, openSources, type Source, signInTag } from "../../../src/provisioning/index.ts";
import { createMemoryStore, type Tag } from "../../../src/store/index.ts";

const clock = manualClock(instant(1_800_000_000));
const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
const match = { attribute: "externalId" as const, claim: "oid" };
const sources = openSources([{ identityProvider: "acme-idp", match, required: false }], () => ({
  name: "acme" as TenantName,
}));
const source = sources.of("acme-idp") as Source;
const pusher: Pusher = { source, by: "t1" };
const bob = "p-bob" as SubjectId;

/** Bob is signed in under the external id `b`; what the broker does about it is noted. */
function world() {
  const store = createMemoryStore({ clock, random: systemRandom });
  const said: string[] = [];
  const noted: string[] = [];
  const troubles: unknown[] = [];
  const fail = () => {
    const trouble = troubles.shift();
    if (trouble !== undefined) throw trouble;
  };
  const deps: PushDeps = {
    store,
    seal,
    clock,
    random: systemRandom,
    audit: createAudit(clock, ({ event, sub, change }) => void noted.push([event, sub ?? change].join(" "))),
    times: { deviceCode: seconds(300) },
    provisionedAs: async (tag: Tag) =>
      JSON.stringify(tag) === JSON.stringify(signInTag(seal, source, "b")) ? [bob] : [],
    realmSessions: async () => ({
      end: async () => {
        fail();
        said.push("keycloak");
      },
    }),
    notifyClouds: (sub) => void said.push(`clouds ${sub}`),
  };
  return { deps, said, noted, troubles };
}

async function pushed(deps: PushDeps, attributes = { userName: "bob", externalId: "b" }) {
  const made = await pushNewUser(attributes, deps, pusher);
  if (!made.ok) throw new Error("not made");
  return made.value;
}
const off = { userName: "bob", externalId: "b", active: false };

describe("what a push ends", () => {
  test("who is switched off is revoked, clouds and Keycloak hear of it at once; again, it is done again", async () => {
    const { deps, said, noted } = world();
    const seen = await pushed(deps);
    expect(said).toEqual([]);
    const changed = await pushUser({ seen, attributes: off }, deps, pusher);
    expect(said).toEqual([`clouds ${bob}`, "keycloak"]);
    if (changed.ok) await pushUser({ seen: changed.value, attributes: off }, deps, pusher);
    expect(said).toHaveLength(4);
    expect(noted).toEqual([
      "scim.user_pushed added",
      "scim.user_pushed not active any more",
      `people.revoked ${bob}`,
      `people.revoked ${bob}`,
    ]);
  });

  test("another name or address ends nothing; another external id ends what came under the old one", async () => {
    const { deps, said } = world();
    const seen = await pushed(deps);
    const named = await pushUser({ seen, attributes: { userName: "robert", externalId: "b" } }, deps, pusher);
    expect(said).toEqual([]);
    if (named.ok)
      await pushUser({ seen: named.value, attributes: { userName: "robert", externalId: "c" } }, deps, pusher);
    expect(said).toEqual([`clouds ${bob}`, "keycloak"]);
  });

  test("Keycloak's silence keeps nobody in", async () => {
    const { deps, said, troubles } = world();
    troubles.push(new Fault("keycloak", "ending a session"));
    const seen = await pushed(deps);
    expect((await pushUser({ seen, attributes: off }, deps, pusher)).ok).toBe(true);
    expect(said).toEqual([`clouds ${bob}`]);
  });

  test("a deletion that is cut off leaves a user who is not active; sent again, it is finished", async () => {
    const { deps, said, troubles } = world();
    troubles.push(new Error("killed"));
    const seen = await pushed(deps);
    await expect(pushNoUser(seen, deps, pusher)).rejects.toThrow("killed");
    const left = await findUser(deps, source, seen.id);
    expect(left?.attributes["active"]).toBe(false);
    if (left) expect((await pushNoUser(left, deps, pusher)).ok).toBe(true);
    expect(said).toContain("keycloak");
    expect(await findUser(deps, source, seen.id)).toBeUndefined();
  });

  test.each<[string, object, object | undefined]>([
    ["a new external id, and the same is sent again", { externalId: "c" }, { externalId: "c" }],
    ["a new external id, and then something else", { externalId: "c" }, { externalId: "c", displayName: "Robert" }],
    ["a new external id, and then a third one", { externalId: "c" }, { externalId: "d" }],
    ["a new external id, and then the user is removed", { externalId: "c" }, undefined],
    ["the user is switched off, and on again", { externalId: "b", active: false }, { externalId: "b" }],
  ])("what is cut off, the next push finishes, and does so once: %s", async (_, first, then) => {
    const { deps, said } = world();
    const seen = await pushed(deps);
    let asked = 0;
    const cut: PushDeps = {
      ...deps,
      provisionedAs: () => {
        throw new Fault("store", "reading");
      },
    };
    await expect(pushUser({ seen, attributes: { userName: "bob", ...first } }, cut, pusher)).rejects.toThrow(Fault);
    const counting: PushDeps = {
      ...deps,
      provisionedAs: (tag) => {
        if (JSON.stringify(tag) === JSON.stringify(signInTag(seal, source, "b"))) asked++;
        return deps.provisionedAs(tag);
      },
    };
    const push = async (attributes: object | undefined) => {
      const now = await findUser(deps, source, seen.id);
      if (now === undefined) return;
      if (attributes === undefined) await pushNoUser(now, counting, pusher);
      else await pushUser({ seen: now, attributes: { userName: "bob", ...attributes } }, counting, pusher);
    };
    expect(said).toEqual([]);
    await push(then);
    expect(said).toEqual([`clouds ${bob}`, "keycloak"]);
    await push(then);
    expect([asked, said.length]).toEqual([1, 2]);
  });
});
