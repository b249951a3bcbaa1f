import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jwksLifetime } from "../../src/issuer/index.ts";
import { keycloakVisitor } from "../support/device-login.ts";
import { KeyRotation } from "../support/key-rotation.ts";
import { approve } from "../support/real-client.ts";
import { sharedStack, tokenLife } from "../support/shared-stack.ts";

// The whole rotation, with its three minutes and the emergency, is in `npm run walk -- issuer`.
// Seen red: with a key that signs as soon as it is published, kube-apiserver answers 401 to its first token.

let rotation: KeyRotation;
beforeAll(async () => {
  const { stack, stage } = await sharedStack();
  const config = ["--config", join(stack.folder, "broker.yaml")];
  rotation = await KeyRotation.begin({
    stack,
    tokenLife,
    operator: (...args) => stage.cloudpass([...args, ...config], { env: stack.env, silent: true }),
    approve: (link) => approve(link, keycloakVisitor("bob@a.example")),
  });
});
afterAll(() => rotation?.stop());

test("S-67: a real API server and a real Apache refuse no token while the signing key changes", async () => {
  await rotation.rotate();
  await rotation.watchUntil(Date.now() + (jwksLifetime + 1) * 1000);
  await rotation.skipToTakeOver();
  await rotation.takeOver();
  expect(rotation.stop()).toBeGreaterThan(5);
});
