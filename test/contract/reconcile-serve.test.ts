import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../rigs/support/free-port.ts";
import { git } from "../support/policy-repository.ts";
import { type Serving, serveFrom } from "./serving.ts";
import { type Cloud, startCloud } from "./target-rigs.ts";
import { examplePolicy } from "./targets-policy.ts";

// `cloudpass serve` as an operator starts it: it keeps a real cloud as the policy files say, while another cloud is down.

let folder: string;
let cloud: Cloud;
let broker: Serving;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-reconcile-"));
  cloud = await startCloud("gx1", (url) => examplePolicy({ gx1: url }));
  const account = "username: admin, password: {env: KEYSTONE_PASSWORD}, project: admin";
  broker = await serveFrom(folder, {
    environment: `policyRepository: policies.git
clouds:
  gx1: {authUrl: "${cloud.rig.url}", ${account}}
  gx2: {authUrl: "http://127.0.0.1:${await freePort()}/v3", ${account}}
`,
    config:
      "reconcile: {environment: environment.yaml, mode: apply, maxDeletes: 1}\npolicyRepository: {folder: policies.git}\n",
    env: { KEYSTONE_PASSWORD: cloud.rig.adminPassword },
  });
}, 240_000);

afterAll(async () => {
  broker?.child.kill("SIGKILL");
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});

const metrics = () => broker.metrics();
const events = (event: string) => broker.events(event);

describe("cloudpass serve with reconcile", () => {
  it("makes the cloud as the policy says though the other one is down, and shows both in the metrics", async () => {
    await expect
      .poll(metrics, { timeout: 40_000, interval: 500, message: broker.stderr() })
      .toMatchObject({ "drift_steps gx1": 0, "reachable gx1": 1, "watched gx1": 1, "reachable gx2": 0 });
    const [made] = await events("target.reconciled");
    expect(made).toMatchObject({ target: "gx1", outcome: "applied" });
    expect(made?.["steps"]).toHaveLength(24);
    expect((await fetch(new URL("/", broker.metricsUrl))).status).toBe(404);
  });

  it("gives on the cloud what is pushed to the tenants' repository, and takes it back", async () => {
    const clone = join(folder, "clone");
    git(folder, ["clone", "--quiet", join(folder, "policies.git"), clone]);
    await mkdir(join(clone, "customer-a"));
    const text = `kind: Policy
tenant: customer-a
sets: {reviewer: [{openstack: {role: reader, on: {project: dev}}}]}
people: {reviewers: {from: customer-a-idp, all: [{groups: {has: reviewers}}]}}
grants: [{id: review, give: reviewer, to: reviewers, at: [gx1]}]
`;
    await writeFile(join(clone, "customer-a", "reviews.yaml"), text);
    git(clone, ["add", "."]);
    git(clone, ["commit", "--quiet", "--message", "Reviewers read"]);
    git(clone, ["push", "--quiet", "origin", "HEAD:main"]);
    const steps = async (n: number) => (await events("target.reconciled"))[n]?.["steps"];
    await expect
      .poll(() => steps(1), { timeout: 30_000 })
      .toContain("+ assignment reader to customer-a/cp.customer-a.reviewer on project customer-a/dev");
    git(clone, ["revert", "--no-edit", "HEAD"]);
    git(clone, ["push", "--quiet", "origin", "HEAD:main"]);
    await expect
      .poll(() => steps(2), { timeout: 30_000 })
      .toContain(
        "- assignment reader to customer-a/cp.customer-a.reviewer on project customer-a/dev (takes rights away)",
      );
  });

  it("takes a right off the cloud seconds after it was taken out of the files", async () => {
    const file = join(folder, "policies", "customer-a.yaml");
    const text = (await readFile(file, "utf8")).split("\ntests:")[0] ?? "";
    await writeFile(file, text.replace("  - { id: audit, give: auditor, to: auditors, at: [gx1, gx2, prod1] }", ""));
    await expect.poll(() => events("target.reconciled").then((e) => e.length), { timeout: 30_000 }).toBe(4);
    expect((await events("policy.changed")).length).toBe(3);
    expect((await events("target.reconciled"))[3]?.["steps"]).toEqual([
      "- assignment reader to customer-a/cp.customer-a.auditor on projects-of customer-a (takes rights away)",
      "~ mapping cloudpass-customer-a",
    ]);
  });

  it("a file that was cut short is not carried out: so many deletions wait for a person, and are counted", async () => {
    const file = join(folder, "policies", "customer-a.yaml");
    await writeFile(file, (await readFile(file, "utf8")).split("\ngrants:")[0] ?? "");
    await expect.poll(metrics, { timeout: 30_000, interval: 500 }).toMatchObject({ "drift_steps gx1": 3 });
    expect(await events("target.drifted")).toMatchObject([
      { target: "gx1", because: "it would delete 2 objects, more than 1" },
    ]);
    expect(await events("target.reconciled")).toHaveLength(4);
  });

  it("files with a mistake in them change nothing", async () => {
    const file = join(folder, "policies", "customer-b.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("give: developer", "give: nobody-knows"));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await events("policy.changed")).toHaveLength(4);
  });

  it("leaves in an orderly way when it is told to", async () => {
    broker.child.kill("SIGTERM");
    const [code] = await once(broker.child, "exit");
    expect([code, broker.stderr()]).toEqual([0, ""]);
  });
});
