import { expect, test } from "vitest";
import { Secret } from "../../../src/core/index.ts";
import { wrongInAll, wrongPerNetwork } from "../../../src/issuer/clients/guesses.ts";
import { clientRegistry } from "../../../src/issuer/clients/registry.ts";
import { clientOf } from "../../../src/issuer/endpoints/client.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import { kit, tool } from "./kit.ts";

const { parts } = kit();
const store = createMemoryStore(parts);
const vault = { ...tool, id: "vault", secret: new Secret("s".repeat(40)) };
const deps = { ...parts, store, clients: clientRegistry(parts.policy, [vault]) };

async function guess(client_id: string, client_secret: string, address = "198.51.100.1"): Promise<string> {
  const form = new Map(Object.entries({ client_id, client_secret }));
  const answer = await clientOf(deps, { address, form } as never);
  return answer.ok ? "proven" : answer.refusal.code;
}

test("S-13, S-55: invented names fill the store up to a bound, tell nothing about real ones, and lock nobody out", async () => {
  for (let n = 0; n < wrongInAll.limit; n++) expect(await guess(`nobody${n}`, "x")).toBe("invalid_client");
  const held = store.held();
  for (let n = 0; n < 50; n++) expect(await guess(`nobody more ${n}`, "x")).toBe("too_many_requests");
  expect(store.held()).toBe(held);
  expect(await guess("vault", "x"), "as one that is not known").toBe("too_many_requests");
  expect(await guess("vault", "s".repeat(40))).toBe("proven");
  expect(await guess("vault", "x", "203.0.113.1"), "another network").toBe("invalid_client");
});

test("a right secret costs nothing, however often it is shown", async () => {
  const honest = "192.0.2.1";
  for (let n = 0; n < 3 * wrongPerNetwork.limit; n++)
    expect(await guess("vault", "s".repeat(40), honest)).toBe("proven");
  expect(await guess("vault", "x", honest)).toBe("invalid_client");
});
