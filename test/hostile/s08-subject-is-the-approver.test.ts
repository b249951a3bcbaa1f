import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { claimsOf } from "../support/device-login.ts";
import { logIn } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

const asAlice = {
  login_hint: "alice",
  sub: "p-1",
  user: "alice",
  username: "alice",
  tenant: "customer-b",
  groups: "cp.customer-a.domain-manager",
};

test("S-08: whoever a device request names, the tokens are the approver's", async () => {
  const plain = await logIn(broker.issuer, { client_id: "gx1" }, { email: "bob@a.example" });
  const forged = await logIn(
    broker.issuer,
    { client_id: "gx1", ...asAlice },
    { email: "bob@a.example", redeemWith: asAlice },
  );
  const [a, b] = [plain, forged].map((t) => claimsOf(t.body["access_token"]));
  for (const claim of ["sub", "preferred_username", "tenant", "groups"]) expect(b?.[claim]).toEqual(a?.[claim]);
  expect(b?.["preferred_username"]).toBe("bob");
});
