import { expect, test } from "vitest";
import { clientRegistry } from "../../../src/issuer/clients/registry.ts";
import { exchange } from "../../../src/issuer/grants/exchange.ts";
import { kit, tool } from "./kit.ts";

test("a public client exchanges nothing, even if its registration said that it may", async () => {
  const k = kit();
  const client = clientRegistry(k.parts.policy, [{ ...tool, grants: ["exchange"], targets: ["gx1"] }]).get("tool");
  const answer = client && (await exchange(k.parts as never, { client, parameters: {} } as never));
  expect(answer && !answer.ok && answer.refusal.code).toBe("unauthorized_client");
});
