import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupsFor, type LoginFacts } from "../../src/policy/index.ts";
import { agreementRounds, cases, extraRole, type Round } from "./agreement-cases.ts";
import { decidedRights, type Named, namesOf, type Rights, reportedRights } from "./cloud-rights.ts";
import { applyPolicy, type Cloud, sideBySide, startCloud } from "./target-rigs.ts";
import { target } from "./targets-policy.ts";

const gx1 = target("gx1");
/** Logins, and tokens made of them, are what takes the time: 20 to 60 ms each of Keystone's one process. */
const loginsOf = 20;
let cloud: Cloud;
let rounds: Round[];

beforeAll(async () => {
  cloud = await startCloud("gx1", (url) => {
    rounds = agreementRounds({ gx1: url });
    const [first] = rounds;
    if (first === undefined) throw new Error("there is no round");
    return first.policy;
  });
  expect((await cloud.ask("POST", "/roles", { role: { name: extraRole } })).status).toBe(201);
}, 240_000);

afterAll(() => cloud?.stop());

/** What Keystone makes of a token with these groups, after a login of this person. */
async function loggedIn(person: LoginFacts, sub: string, groups: readonly string[]) {
  const accessToken = await cloud.issuer.mint({ tenant: person.tenant, aud: "gx1", sub, groups });
  const { status, token, body } = await cloud.logIn(person.tenant, accessToken);
  if (status !== 201) throw new Error(`the login of ${sub} is refused: ${status} ${JSON.stringify(body)}`);
  const { domain, "OS-FEDERATION": federation } = body.token.user;
  return { token, domain: domain.name as string, groupIds: federation.groups.map((g: Named) => g.id) as string[] };
}

interface Found {
  readonly domain: string;
  readonly groups: readonly string[];
  readonly rights: Rights;
}

/**
 * What Keystone says of each person. Of the person a token holds nothing that counts but tenant and groups, so one login
 * for each pair of them is asked for all its roles; of the others every `loginsOf`th logs in too, and must come in alike.
 */
async function askAll({ policy, persons }: Round, n: number): Promise<Found[]> {
  const [domains, groups] = [await namesOf(cloud, "domains"), await namesOf(cloud, "groups")];
  const first = new Map<string, Promise<Found>>();
  return sideBySide([...persons.entries()], 4, async ([i, person]) => {
    const minted = groupsFor(policy.decide(person, gx1), gx1);
    const logIn = async () => {
      const { groupIds, ...more } = await loggedIn(person, `p-${n}-${i}`, minted);
      return { ...more, groups: groupIds.map((id) => groups.get(id) ?? id).sort() };
    };
    const key = `${person.tenant} ${minted.join(" ")}`;
    const known = first.get(key);
    if (known !== undefined) {
      const { rights, ...alike } = await known;
      if (i % loginsOf !== 0) return { ...alike, rights };
      const { token: _token, ...own } = await logIn();
      return { ...own, rights };
    }
    const made = logIn().then(async ({ token, ...own }) => ({
      ...own,
      rights: await reportedRights(cloud, token, domains),
    }));
    first.set(key, made);
    return made;
  });
}

describe(`the decision and the roles that a real Keystone reports, ${cases} persons`, () => {
  it("agree, under one random policy after the other on the same cloud", {
    timeout: cases * 100 + 240_000,
  }, async () => {
    let withRights = 0;
    for (const [n, round] of rounds.entries()) {
      await applyPolicy(round.policy, "gx1", cloud.connection);
      const found = await askAll(round, n);
      for (const [i, person] of round.persons.entries()) {
        const rights = decidedRights(round.policy, gx1, person);
        const groups = groupsFor(round.policy.decide(person, gx1), gx1);
        expect(found[i], JSON.stringify({ round: n, person })).toEqual({ domain: person.tenant, groups, rights });
        if (groups.length > 0) withRights++;
      }
    }
    // Cases in which nobody has anything would agree by themselves.
    expect(withRights).toBeGreaterThan(cases / 5);
  });
});
