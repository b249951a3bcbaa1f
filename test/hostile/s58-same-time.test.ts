import { beforeAll, expect, test } from "vitest";
import { Secret } from "../../src/core/index.ts";
import { clientRegistry } from "../../src/issuer/clients/registry.ts";
import { clientOf } from "../../src/issuer/endpoints/client.ts";
import { assertionType } from "../support/clients.ts";
import { type KeyHolder, keyHolder } from "../support/key-holder.ts";
import { issuer, kit, tool } from "../unit/issuer/kit.ts";

const k = kit();
let [owner, stranger]: KeyHolder[] = [];
beforeAll(async () => {
  [owner, stranger] = [await keyHolder("ES256", k.clock), await keyHolder("ES256", k.clock)];
});

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Median time of each kind of failure, taken in turns, so that a busy machine slows both alike. */
async function compare(kinds: readonly Record<string, string>[]): Promise<number> {
  const keys = owner ? [{ ...owner.publicJwk, kid: "k1" }] : [];
  const configured = [
    { ...tool, id: "keyed", keys },
    { ...tool, id: "secret", secret: new Secret("s".repeat(40)) },
  ];
  const deps = { ...k.parts, clients: clientRegistry(k.parts.policy, configured) };
  const times = kinds.map((): number[] => []);
  for (let round = 0; round < 400; round++) {
    for (const [i, form] of kinds.entries()) {
      const started = performance.now();
      // From another network each time: one that guesses on is told to wait (S-13).
      const address = `2001:db8:${round.toString(16)}::1`;
      const answer = await clientOf(deps, { address, form: new Map(Object.entries(form)) } as never);
      times[i]?.push(performance.now() - started);
      expect(!answer.ok && answer.refusal.code).toBe("invalid_client");
    }
  }
  const [a = 0, b = 0] = times.map((t) => median(t.slice(100)));
  return a / b;
}

test("S-58: an unknown client and a wrong secret take the same time", async () => {
  const ratio = await compare([
    { client_id: "nobody", client_secret: "x".repeat(40) },
    { client_id: "secret", client_secret: "x".repeat(40) },
  ]);
  // The second writes an audit entry besides; both are microseconds. Without the comparison the ratio would be near 0.
  expect(ratio).toBeGreaterThan(0.2);
  expect(ratio).toBeLessThan(5);
});

test("S-58: an unknown client and a wrong key take the same time", async () => {
  const forge = async (client: string) => ({
    client_assertion_type: assertionType,
    client_assertion: (await stranger?.assertion(client, issuer)) ?? "",
  });
  const ratio = await compare([await forge("nobody"), await forge("keyed")]);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});
