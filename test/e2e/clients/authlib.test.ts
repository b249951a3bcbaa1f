import { beforeAll, expect, test } from "vitest";
import { pythonClients } from "../../rigs/index.ts";
import { claimsOf } from "../../support/device-login.ts";
import { proves } from "../../support/proves.ts";
import { pythonLogin } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { sharedStack } from "../../support/shared-stack.ts";

let stack: RealStack;
let version: string;
beforeAll(async () => {
  ({ stack } = await sharedStack());
  ({ authlib: version } = (await pythonClients()).versions);
});

proves(() => ({ name: "Authlib (Python, on requests)", version }));

test("device login, ID token checked by its own library against the key set, and refresh", async () => {
  const printed = await pythonLogin("authlib", [stack.issuer, "prod1", "openid profile groups offline_access"]);
  expect(claimsOf(printed.access_token)).toMatchObject({ aud: "prod1", token_use: "access" });
  expect(printed.claims).toMatchObject({
    aud: "prod1",
    preferred_username: "bob",
    groups: ["cp.customer-a.developer"],
  });
  expect(printed.refreshed).toBe(true);
});
