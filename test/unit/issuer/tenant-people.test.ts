import { describe, expect, it } from "vitest";
import { createAudit } from "../../../src/audit/index.ts";
import { seconds, type TenantName } from "../../../src/core/index.ts";
import { peopleOfTenant, revokePerson } from "../../../src/issuer/index.ts";
import { rememberPerson } from "../../../src/issuer/logins/known-people.ts";
import { examples, mustLoad } from "../policy/kit.ts";
import { kit, somebody } from "./kit.ts";

const [a, b] = ["customer-a" as TenantName, "customer-b" as TenantName];
const days = (n: number) => seconds(n * 86_400);

describe("the people of a tenant", () => {
  it("are known by name to its managers, and with the claims that the policy reads, and their subject", async () => {
    const k = kit();
    const alice = somebody("alice");
    await rememberPerson(k.parts, { ...alice, claims: { ...alice.claims, phone_number: "12345" } });
    const people = await peopleOfTenant(k.parts, a);
    expect(people).toMatchObject([{ sub: alice.sub, preferredUsername: "alice", at: k.clock.now() }]);
    expect(people[0]?.claims).toEqual({ sub: "alice", groups: alice.claims["groups"] });
    expect(JSON.stringify(people)).not.toContain("12345");
    expect(await peopleOfTenant(k.parts, b)).toEqual([]);
  });

  it("are kept once each, as of the last login, and as long as the ledger remembers", async () => {
    const k = kit();
    await rememberPerson(k.parts, somebody("alice"));
    k.clock.advance(days(89));
    await rememberPerson(k.parts, { ...somebody("alice"), email: "new@a.example" });
    await rememberPerson(k.parts, somebody("bob"));
    k.clock.advance(days(2));
    expect((await peopleOfTenant(k.parts, a)).map((p) => p.email).sort()).toEqual(
      [somebody("bob").email, "new@a.example"].sort(),
    );
    k.clock.advance(days(89));
    expect(await peopleOfTenant(k.parts, a)).toEqual([]);
  });

  it("end with the person who is revoked", async () => {
    const k = kit();
    const alice = somebody("alice");
    await rememberPerson(k.parts, alice);
    const audit = createAudit(k.clock, () => {});
    await revokePerson({ ...k.parts, audit }, alice.sub, "gone", async () => undefined);
    expect(await peopleOfTenant(k.parts, a)).toEqual([]);
  });

  it("are not kept by name where the policy has no console", async () => {
    const without = examples.map(({ file, text }) => ({
      file,
      text: text
        .replace(/^console: .*\n/m, "")
        .replace(/, console: \[[^\]]*\]/g, "")
        .replace(/^ {4}- console: .*\n/gm, "")
        .replace(/^ {2}- \{ id: \w+-console.*\n/gm, "")
        .replace(/, console tenant \S+ tenant-auditor/g, "")
        .replace(/^ {2}- name: the same person in a browser.*\n.*\n.*\n/gm, ""),
    }));
    const k = kit({ policy: mustLoad(without) });
    await rememberPerson(k.parts, somebody("alice"));
    expect(await peopleOfTenant(k.parts, a)).toEqual([]);
  });
});
