import { describe, expect, it } from "vitest";
import { createAudit } from "../../../src/audit/index.ts";
import { type Person, seconds } from "../../../src/core/index.ts";
import { knownPeople, revokePerson } from "../../../src/issuer/index.ts";
import { rememberPerson } from "../../../src/issuer/logins/known-people.ts";
import { begin, decide, enter, type Kit, kit, somebody } from "./kit.ts";

const days = (n: number) => seconds(n * 86_400);

async function logIn(k: Kit, person: Person, decision = "approve") {
  k.relyingParty.answers = async () => ({ ok: true, value: person });
  const session = await k.signIn(person);
  const { userCode } = await begin(k);
  const { handle = "" } = await enter(k, session, userCode);
  expect(await decide(k, session, handle, decision)).toBeUndefined();
}

describe("the ledger of last logins", () => {
  it("knows a person by a pseudonym and by the claims that the policy reads, and by nothing else", async () => {
    const k = kit();
    const alice = somebody("alice");
    await logIn(k, { ...alice, claims: { ...alice.claims, email: "alice@a.example", phone_number: "12345" } });
    const [known, ...others] = await knownPeople(k.parts);
    expect(others).toEqual([]);
    expect(known).toEqual({
      person: expect.stringMatching(/^k-[A-Za-z0-9_-]{22}$/),
      tenant: alice.tenant,
      identityProvider: alice.identityProvider,
      claims: { groups: alice.claims["groups"] },
      amr: alice.amr,
      at: k.clock.now(),
    });
    expect(JSON.stringify(known)).not.toMatch(/alice|12345|p-[0-9a-f]{40}/);
  });

  it("holds the last login of each person, not every one, and none that was refused", async () => {
    const k = kit();
    const [alice, bob] = [somebody("alice"), somebody("bob")];
    await logIn(k, alice);
    await logIn(k, bob, "deny");
    k.clock.advance(days(1));
    await logIn(k, alice);
    const known = await knownPeople(k.parts);
    expect(known.map(({ at }) => at)).toEqual([k.clock.now()]);
  });

  it("keeps that a claim did not arrive whole", async () => {
    const k = kit();
    const alice = somebody("alice");
    await logIn(k, alice);

    await rememberPerson(k.parts, { ...alice, claims: { _claim_names: { groups: "src1", other: "src1" } } });
    expect((await knownPeople(k.parts))[0]?.claims).toEqual({ _claim_names: { groups: "elsewhere" } });
  });

  it("forgets after its time, and with the person who is revoked", async () => {
    const k = kit();
    const [alice, bob] = [somebody("alice"), somebody("bob")];
    await logIn(k, alice);
    await logIn(k, bob);
    const audit = createAudit(k.clock, () => {});
    await revokePerson({ ...k.parts, audit }, alice.sub, "left", async () => undefined);
    expect(await knownPeople(k.parts)).toHaveLength(1);
    k.clock.advance(seconds(days(90) - 1));
    expect(await knownPeople(k.parts)).toHaveLength(1);
    k.clock.advance(seconds(1));
    expect(await knownPeople(k.parts)).toEqual([]);
  });
});
