import { expect, test } from "vitest";
import { instant, makeSeal, manualClock, Secret, seconds, systemRandom } from "../../../src/core/index.ts";
import { openSources, type Source } from "../../../src/provisioning/index.ts";
import type { ScimDeps } from "../../../src/scim/deps.ts";
import { readFilter } from "../../../src/scim/filter.ts";
import { type ResourceKind, resourceKinds } from "../../../src/scim/kinds.ts";
import { foundBy } from "../../../src/scim/resource-routes.ts";
import { createMemoryStore } from "../../../src/store/index.ts";

const source = openSources(
  [{ identityProvider: "one", match: { attribute: "userName", claim: "email" }, required: false }],
  () => ({ name: "acme" }) as never,
).of("one") as Source;

test.each([
  ["/Users", undefined, 60],
  ["/Users", 'displayName eq "a"', 60],
  ["/Users", 'userName eq "a" or externalId eq "b"', 60],
  ["/Users", 'userName eq "a"', 100],
  ["/Users", 'externalId eq "a" and active eq true', 100],
  ["/Groups", 'displayName eq "a"', 60],
  ["/Groups", 'id eq "a"', 100],
])("%s by the filter %s is asked of a hundred times: %i are answered in a minute, of each token", async (...row) => {
  const [endpoint, text, answered] = row;
  const clock = manualClock(instant(1_800_000_000));
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  const store = createMemoryStore({ clock, random: systemRandom });
  const deps = { store, clock, seal, random: systemRandom, issuer: "https://login.example" } as unknown as ScimDeps;
  const kind = resourceKinds.find((one) => one.endpoint === endpoint) as ResourceKind;
  const filter = text === undefined ? undefined : readFilter(text, kind.schema);
  if (filter && !filter.ok) throw new Error(filter.refusal.message);
  const ask = async (by: string) => {
    let granted = 0;
    for (let n = 0; n < 100; n++) granted += (await foundBy(deps, kind, { source, by }, filter?.value)).ok ? 1 : 0;
    return granted;
  };
  expect([await ask("t1"), await ask("t2")]).toEqual([answered, answered]);
  clock.advance(seconds(62));
  expect(await ask("t1")).toBe(answered);
});
