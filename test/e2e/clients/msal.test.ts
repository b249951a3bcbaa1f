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
  ({ msal: version } = (await pythonClients()).versions);
});

proves(() => ({
  name: "MSAL (Python)",
  version,
  needs:
    "MSAL refuses an authority without a path, and our issuer has none: write `oidc_authority` as the issuer followed by " +
    "`/.`; it compares the host only.",
}));

test("device login with `oidc_authority`, and a silent refresh", async () => {
  const printed = await pythonLogin("msal", [`${stack.issuer}/.`, "prod1", "groups"]);
  expect(claimsOf(printed.access_token)).toMatchObject({ aud: "prod1", token_use: "access" });
  expect(printed.claims).toMatchObject({
    aud: "prod1",
    preferred_username: "bob",
    groups: ["cp.customer-a.developer"],
  });
  expect(printed.refreshed).toBe(true);
});
