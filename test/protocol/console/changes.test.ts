import { expect, test } from "vitest";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// A broker whose tenants' policies are in a repository: what is pushed there is what managers see at once.

const broker = shared(() => bootWithRepository());

test("a push of a colleague's shows in the console", async () => {
  const alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  const before = await askConsole(broker.issuer, alice, "/tenants/customer-a/grants/dev");
  expect(before.body).toMatchObject({ id: "dev", source: expect.stringMatching(/^policy\.yaml:\d+$/) });
  const text = await broker.textOf("customer-a/policy.yaml");
  await broker.push("customer-a/policy.yaml", text?.replace("id: dev,", "id: dev, because: the new shop,"));
  const after = await askConsole(broker.issuer, alice, "/tenants/customer-a/grants/dev");
  expect(after.body).toMatchObject({ id: "dev", reason: "the new shop" });
});
