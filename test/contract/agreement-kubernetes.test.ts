import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupsFor, type LoginFacts } from "../../src/policy/index.ts";
import { agreementRounds, cases, clusterRoles, namespacesOf, type Round } from "./agreement-cases.ts";
import { applyPolicy, type Cluster, sideBySide, startCluster } from "./target-rigs.ts";
import { target } from "./targets-policy.ts";

const prod1 = target("prod1");
let cluster: Cluster;
let rounds: Round[];

beforeAll(async () => {
  const [first] = agreementRounds({});
  if (first === undefined) throw new Error("there is no round");
  cluster = await startCluster("prod1", first.policy);
  rounds = agreementRounds({ prod1: cluster.rig.server });
  for (const name of clusterRoles) {
    const rules = [{ apiGroups: ["agreement.example"], resources: [name], verbs: ["get"] }];
    const role = { metadata: { name }, rules };
    expect((await cluster.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", role)).status).toBe(201);
  }
}, 240_000);

afterAll(() => cluster?.stop());

/** A question to the API server: may the bearer do what only this role allows, in this namespace or everywhere? */
interface Question {
  readonly role: string;
  readonly namespace?: string;
}

/** Each role in each of the tenant's namespaces, in one of another tenant, and in the whole cluster. */
function questionsFor({ policy }: Round, person: LoginFacts): Question[] {
  const tenants = [...policy.tenants.values()];
  const other = tenants[(tenants.findIndex((t) => t.name === person.tenant) + 1) % tenants.length];
  const own = namespacesOf(person.tenant);
  const foreign = namespacesOf(other?.name ?? "").slice(0, 1);
  return clusterRoles.flatMap((role) => [{ role }, ...[...own, ...foreign].map((namespace) => ({ role, namespace }))]);
}

/** The questions to which our decision says yes. */
function decided({ policy }: Round, person: LoginFacts): string[] {
  const decision = policy.decide(person, prod1);
  const held = decision.kind === "decided" ? decision.entitlements : [];
  return questionsFor({ policy, persons: [] }, person)
    .filter(({ role, namespace }) =>
      held.some(
        (e) =>
          e.role === role &&
          (e.scope.kind === "cluster" || (e.scope.kind === "namespace" && e.scope.namespace === namespace)),
      ),
    )
    .map(say);
}

const say = ({ role, namespace }: Question): string => `${role} in ${namespace ?? "the cluster"}`;

/** What `kubectl auth can-i` asks, with the token the broker would issue: authentication and authorization are both real. */
async function allowed(round: Round, person: LoginFacts, i: number): Promise<string[]> {
  const groups = groupsFor(round.policy.decide(person, prod1), prod1);
  const token = await cluster.issuer.mint({ tenant: person.tenant, aud: "prod1", sub: `p-${i}`, groups });
  const answers = await Promise.all(
    questionsFor(round, person).map(async (question) => {
      const { role: resource, namespace } = question;
      const attributes = { verb: "get", group: "agreement.example", resource, ...(namespace && { namespace }) };
      const review = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: attributes },
      };
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const { status, body } = await cluster.ask("POST", path, review, token);
      if (status !== 201) throw new Error(`the question is refused: ${status} ${JSON.stringify(body)}`);
      return body.status.allowed === true ? [say(question)] : [];
    }),
  );
  return answers.flat();
}

describe(`the decision and what a real API server allows, ${cases} persons`, () => {
  it("agree, under one random policy after the other on the same cluster", {
    timeout: cases * 100 + 240_000,
  }, async () => {
    let withRights = 0;
    for (const [n, round] of rounds.entries()) {
      await applyPolicy(round.policy, "prod1", cluster.connection);
      const found = await sideBySide([...round.persons.entries()], 4, ([i, person]) =>
        allowed(round, person, n * cases + i),
      );
      for (const [i, person] of round.persons.entries()) {
        const expected = decided(round, person);
        expect(found[i], JSON.stringify({ round: n, person })).toEqual(expected);
        if (expected.length > 0) withRights++;
      }
    }
    // Cases in which nobody has anything would agree by themselves.
    expect(withRights).toBeGreaterThan(cases / 5);
  });
});
