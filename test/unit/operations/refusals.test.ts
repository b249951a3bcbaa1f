import { describe, expect, test } from "vitest";
import { readYamlFiles } from "../../../src/config/index.ts";
import { instant, systemClock, systemRandom } from "../../../src/core/index.ts";
import {
  explainHolders,
  explainRights,
  loadPolicyFiles,
  lookAtTenant,
  missingFact,
  type NamedEnvironment,
  newEntry,
  OperationRefused,
  orRefuse,
  type Progress,
  planRealms,
  reachTargets,
  removeIdentityProvider,
  stageIdentityProvider,
  validateRealmFiles,
} from "../../../src/operations/index.ts";
import { smallRealm } from "../../support/small-realm.ts";

// What operations refuse before they ask any server: with input alone, and no terminal.

const policy = loadPolicyFiles({ files: orRefuse(readYamlFiles(["policies"]), "the policy") });
const nowhere: NamedEnvironment = {
  file: "production.yaml",
  issuer: "https://login.example",
  probe: { allow: [] },
  keycloaks: {},
  clouds: {},
  clusters: {},
};
const lookup = () => "a secret that is long enough";
const told: Progress[] = [];
const deps = { clock: systemClock, random: systemRandom, lookup, listener: (it: Progress) => void told.push(it) };
const small = [{ file: "small.yaml", text: smallRealm("small") }];

/** What an operation refuses with. */
async function refusalOf(work: () => unknown): Promise<OperationRefused> {
  try {
    await work();
  } catch (problem) {
    if (problem instanceof OperationRefused) return problem;
    throw problem;
  }
  throw new Error("not refused");
}

describe("realms", () => {
  test("a realm that the files do not hold is told apart from a typing error", async () => {
    const refused = await refusalOf(() => planRealms({ files: small, environment: nowhere, only: ["smal"] }, deps));
    expect(refused).toMatchObject({ message: 'the files hold no realm "smal"', unreachable: false });
    expect(refused.meaning).toContain("did you mean");
  });

  test("a Keycloak that the environment does not name is to be added to that very file", async () => {
    const refused = await refusalOf(() => planRealms({ files: small, environment: nowhere }, deps));
    expect(refused.message).toMatch(/^small\.yaml: the environment file has no Keycloak "/);
    expect(refused.remedy).toContain("production.yaml");
  });

  test("files that are wrong are refused with every problem and its place", async () => {
    const files = [{ file: "wrong.yaml", text: "kind: Realm\nrelam: x\n" }];
    const { problems } = await refusalOf(() => planRealms({ files, environment: nowhere }, deps));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ file, line }) => file === "wrong.yaml" && line > 0)).toBe(true);
    expect(validateRealmFiles({ files, secrets: false }, deps).problems).toEqual(problems);
  });
});

describe("targets", () => {
  test("one that is asked for must be reachable; of all, those that are not are told and left out", async () => {
    const only = (names: string[]) => () => reachTargets({ policy, environment: nowhere, only: names }, deps);
    expect(await refusalOf(only(["gx1"]))).toMatchObject({ remedy: 'add "gx1" to it' });
    expect((await refusalOf(only(["gx"]))).meaning).toContain("did you mean");
    told.length = 0;
    const none = await refusalOf(() => reachTargets({ policy, environment: nowhere }, deps));
    expect(none.meaning).toContain("gx1");
    expect(told).toContainEqual({ kind: "skipped", target: "gx1" });
  });

  test("a tenant is taken back everywhere or not at all", async () => {
    const question = (tenant: string) => ({ tenant, policy, environment: nowhere });
    expect((await refusalOf(() => lookAtTenant(question("customer-b2"), deps))).meaning).toContain("did you mean");
    const refused = await refusalOf(() => lookAtTenant(question("customer-a"), deps));
    expect(refused.remedy).toBe("a tenant is taken back everywhere");
    const realms = await refusalOf(() => lookAtTenant({ ...question("customer-a"), realms: ["main"] }, deps));
    expect(realms.remedy).toBe("give keycloak/realm");
  });
});

describe("explaining", () => {
  const at = instant(1_800_000_000);

  test("a right on a target that the policy does not have", async () => {
    const right = { target: "gx", scope: "domain customer-a", role: "manager" };
    expect((await refusalOf(() => explainHolders({ policy, right, at }))).message).toContain('no target "gx"');
  });

  test("a login through an identity provider that is no tenant's", async () => {
    const login = {
      identityProvider: "customer-a-ipd",
      claims: {},
      amr: [],
      loginMethod: "device",
      client: "cloudpass",
    };
    const refused = await refusalOf(() => explainRights({ policy, who: { login: login as never }, at }));
    expect(refused.meaning).toContain("customer-a-idp");
  });
});

describe("identity providers", () => {
  const files = orRefuse(readYamlFiles(["realms"]), "the realms");
  const id = "customer-a-idp";
  const stage = (to: string, testers: string[] = [], of = id) =>
    refusalOf(() => stageIdentityProvider({ files, id: of, stage: to, testers }, deps));

  test("the next stage must exist, be allowed, and have somebody to test", async () => {
    expect((await stage("activ")).meaning).toContain("did you mean");
    expect((await stage("active", ["ann"])).reason).toBe("testers not meant");
    expect((await stage("active", [], "customer-a-ipd")).meaning).toContain(id);
  });

  test("one that people use is not removed", async () => {
    expect((await refusalOf(() => removeIdentityProvider({ files, id }, deps))).reason).toBe("still on");
  });

  test.each([
    [{}, "id"],
    [{ id: "a" }, "issuer"],
    [{ id: "a", template: "google" }, "hostedDomain"],
    [{ id: "a", issuer: "https://idp.example" }, "clientId"],
    [{ id: "a", issuer: "https://idp.example", clientId: "c" }, "secret"],
    [{ id: "a", metadata: { text: "<x/>", about: "metadata.xml" } }, undefined],
  ])("of %j the next thing to ask for is %s", (known, missing) => {
    expect(missingFact({ claims: ["groups"], ...known })).toBe(missing);
  });

  test("a new one is a draft of the template that its issuer looks like", async () => {
    const known = { id: "a", clientId: "c", secret: { env: "S" }, claims: ["groups"] };
    const entra = "https://login.microsoftonline.com/0b8e4ff2-6d2c-4d31-9d7e-000000000001/v2.0";
    expect(await newEntry({ ...known, issuer: entra })).toMatchObject({ template: "entra", stage: "draft" });
    const keycloak = await newEntry({ ...known, issuer: "https://idp.example/realms/staff" });
    expect(keycloak).toMatchObject({ template: "keycloak", client: { id: "c", secret: { env: "S" } } });
    expect((await refusalOf(() => newEntry({ ...known, issuer: undefined as never }))).message).toContain("issuer");
    const metadata = { text: "<x/>", about: "metadata.xml" };
    expect(await refusalOf(() => newEntry({ ...known, metadata }))).toMatchObject({
      reason: "not as it must be",
      about: "metadata.xml",
    });
  });
});
