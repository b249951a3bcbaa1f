import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { applyAll, meaning, showPlans } from "../../../src/cli/operator/planning.ts";
import { Fault } from "../../../src/core/index.ts";
import type { MadePlan } from "../../../src/operations/index.ts";
import { makePlans, type PlanSource } from "../../../src/operations/plans/plan-source.ts";
import type { Applied, Plan, Step } from "../../../src/targets/index.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { plan, step } from "../../support/plan.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const policies = fileURLToPath(new URL("../../../policies", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-operator-"));
});
afterAll(() => rm(folder, { recursive: true }));

const cli = async (...argv: string[]) => {
  const terminal = fakeTerminal({ HOME: folder });
  const exitCode = await runCli(argv, {
    version: "0.0.0",
    serve: async (file) => file.length,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
};
const written = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

const removal = (key: string): Step => ({
  ...step(key),
  action: "delete",
  phase: "clean",
  irreversible: true,
  confirm: true,
});
const thing = (
  name: string,
  made: Plan,
  end: (done: readonly Step[]) => Applied = (done) => ({ outcome: "applied", done }),
) => {
  const seen = { applied: 0, plans: [] as Plan[] };
  const it: MadePlan = {
    name,
    plan: made,
    apply: async ({ onStep, plan }) => {
      seen.applied++;
      seen.plans.push(plan);
      for (const [n, it] of made.steps.entries()) onStep(it, "done", n, made.steps.length);
      return end(made.steps);
    },
  };
  return { ...it, seen };
};

describe("plan", () => {
  it("ends with 0 without differences, with 2 when something would change, with 1 when something is in the way", async () => {
    expect(showPlans(fakeTerminal(), [thing("cloud gx1", plan([]))], { output: "text" })).toBe(0);
    const terminal = fakeTerminal();
    expect(showPlans(terminal, [thing("cloud gx1", plan([step("cp.a")]))], { output: "text" })).toBe(2);
    expect(terminal.out()).toContain("+ group cp.a");
    const conflicts = [{ kind: "group", key: "cp.a", because: "is not ours" }];
    expect(showPlans(fakeTerminal(), [thing("cloud gx1", plan([], { conflicts }))], { output: "text" })).toBe(1);
  });

  it("prints JSON that a program can read", async () => {
    const terminal = fakeTerminal();
    showPlans(terminal, [thing("cloud gx1", plan([step("cp.a")]))], { output: "json" });
    expect(JSON.parse(terminal.out())).toEqual({ version: 1, plans: [plan([step("cp.a")])] });
  });

  it("names the server that does not answer, and that nothing was changed", async () => {
    const gx1: PlanSource = {
      name: "cloud gx1",
      plan: () => Promise.reject(new Fault("keystone gx1", "list groups")),
    };
    await expect(makePlans([gx1], () => {}).catch(meaning("Nothing was changed."))).rejects.toThrow(
      expect.objectContaining({
        message: "keystone gx1: list groups failed",
        means: "Nothing was changed.",
        exitCode: 3,
      }),
    );
  });
});

describe("apply", () => {
  it("ends with 1 while something wanted has to wait, after all else was done (R11)", async () => {
    const gx1 = { ...thing("cluster prod1", plan([step("cp.a")])), waiting: ["the ClusterRole x is not there"] };
    expect(showPlans(fakeTerminal(), [gx1], { output: "text" })).toBe(1);
    const terminal = fakeTerminal();
    expect(await applyAll(terminal, [gx1], { yes: true })).toBe(1);
    expect([gx1.seen.applied, terminal.err()]).toEqual([1, expect.stringContaining("something has to wait")]);
    const nothing = fakeTerminal();
    expect(await applyAll(nothing, [{ ...gx1, plan: plan([]) }], { yes: true })).toBe(1);
    expect(nothing.out()).toContain("nothing can be done yet");
  });

  it("shows the plan and the progress, and says nothing to do the second time", async () => {
    const terminal = fakeTerminal();
    expect(await applyAll(terminal, [thing("cloud gx1", plan([step("cp.a"), step("cp.b")]))], { yes: true })).toBe(0);
    expect(terminal.out()).toMatch(/\+ group cp\.a[\s\S]*cloud gx1: 2 steps done and verified/);
    expect(terminal.err()).toContain("  cloud gx1 [2/2] create group cp.b");
    const again = fakeTerminal();
    expect(await applyAll(again, [thing("cloud gx1", plan([]))], { yes: true })).toBe(0);
    expect(again.out()).toContain("nothing to do");
  });

  it("refuses without --yes when nobody can be asked", async () => {
    const gx1 = thing("cloud gx1", plan([step("cp.a")]));
    await expect(applyAll(fakeTerminal(), [gx1], {})).rejects.toThrow("nobody could be asked");
    expect(gx1.seen.applied).toBe(0);
  });

  it.each([
    ["yes\n", 1],
    ["y\n", 0],
    ["\n", 0],
  ])("asks at a terminal, and takes %j for %d", async (answer, applied) => {
    const gx1 = thing("cloud gx1", plan([step("cp.a")]));
    const terminal = fakeTerminal({}, { tty: true });
    terminal.stdin.push(answer);
    const ended = await applyAll(terminal, [gx1], {}).catch((problem: Error) => problem.message);
    expect(gx1.seen.applied).toBe(applied);
    expect(ended).toEqual(applied === 1 ? 0 : "nothing was applied: the answer was not “yes”");
  });

  it("stops at the first that does not end well, and says what was not begun", async () => {
    const fault = new Fault("keystone gx1", "create group");
    const stopped = thing("cloud gx1", plan([step("cp.a")]), () => ({
      outcome: "stopped",
      done: [],
      failed: [step("cp.a")],
      fault,
      left: [],
    }));
    const second = thing("cloud gx2", plan([step("cp.a")]));
    const terminal = fakeTerminal();
    expect(await applyAll(terminal, [stopped, second], { yes: true })).toBe(3);
    expect(second.seen.applied).toBe(0);
    expect(terminal.err()).toContain("not begun: cloud gx2");
  });

  it("applies nothing at all when one thing is in the way of another", async () => {
    const conflicts = [{ kind: "group", key: "cp.a", because: "is not ours" }];
    const fine = thing("cloud gx1", plan([step("cp.a")]));
    await expect(
      applyAll(fakeTerminal(), [fine, thing("cloud gx2", plan([], { conflicts }))], { yes: true }),
    ).rejects.toThrow("something is in the way");
    expect(fine.seen.applied).toBe(0);
  });

  it("says when the plan deletes more than is allowed, and applies nothing", async () => {
    const many = thing("realm r", plan([removal("a"), removal("b")]));
    const terminal = fakeTerminal();
    expect(showPlans(terminal, [many], { output: "text", maxDeletes: 1 })).toBe(1);
    expect(terminal.out()).toContain(
      "! cloud gx1: 2 deletions, more than the 1 that are allowed: nothing will be applied",
    );
    await expect(applyAll(fakeTerminal(), [many], { yes: true, maxDeletes: 1 })).rejects.toThrow("too many deletions");
    expect(many.seen.applied).toBe(0);
  });

  it("--yes does not cover what cannot be undone: its name is typed ahead, each of them", async () => {
    const two = thing("realm r", plan([removal("idp-a"), removal("idp-b")]));
    const apply = (confirm: string[]) => applyAll(fakeTerminal(), [two], { yes: true, confirm });
    await expect(apply([])).rejects.toThrow("nothing was applied: group idp-a would be deleted for good.");
    await expect(apply(["idp-a"])).rejects.toMatchObject({ fix: expect.stringContaining("--confirm idp-b") });
    expect(two.seen.applied).toBe(0);
    expect(await apply(["idp-a", "idp-b"])).toBe(0);
  });

  it("a name with blanks or quotes is told as a shell takes it, and confirms when it comes from there", async () => {
    for (const [name, words] of [
      ["KeyProvider es", "--confirm 'KeyProvider es'"],
      ["it's", "--confirm 'it'\\''s'"],
    ] as const) {
      const one = thing("realm r", plan([removal(name)]));
      const apply = (confirm: string[]) => applyAll(fakeTerminal(), [one], { yes: true, confirm });
      await expect(apply([])).rejects.toMatchObject({ fix: expect.stringContaining(words) });
      expect(await apply([name])).toBe(0);
    }
  });

  it.each([
    ["idp-a\n", 0],
    ["yes\n", "nothing was applied: that was not the name"],
  ])("at a terminal the name is asked for, and %j ends with %j", async (answer, end) => {
    const one = thing("realm r", plan([removal("idp-a")]));
    const terminal = fakeTerminal({}, { tty: true });
    terminal.stdin.push(answer);
    expect(await applyAll(terminal, [one], { yes: true }).catch((problem: Error) => problem.message)).toBe(end);
    expect(one.seen.applied).toBe(end === 0 ? 1 : 0);
  });

  it("a name that goes in two places is asked for once, and says so", async () => {
    const both = ["cloud gx1", "cloud gx2"].map((what) => thing(what, plan([removal("idp-a")])));
    const terminal = fakeTerminal({}, { tty: true });
    terminal.stdin.push("idp-a\n");
    expect(await applyAll(terminal, both, { yes: true })).toBe(0);
    expect(terminal.out()).toContain("group idp-a would be deleted for good in 2 places.");
    expect(both.map((one) => one.seen.applied)).toEqual([1, 1]);
  });

  it("a plan written with --out is what --plan carries out, and only for what it names", async () => {
    const file = join(folder, "plan.json");
    const old = plan([step("cp.a")], { driver: "cloud gx1", desired: "then" });
    showPlans(fakeTerminal(), [thing("cloud gx1", old)], { output: "text", out: file });
    const [gx1, gx2] = [
      thing("cloud gx1", plan([step("cp.a")], { desired: "now" })),
      thing("cloud gx2", plan([step("cp.a")], { driver: "cloud gx2" })),
    ];
    expect(await applyAll(fakeTerminal(), [gx1, gx2], { yes: true, plan: file })).toBe(0);
    expect([gx1.seen.plans, gx2.seen.applied]).toEqual([[old], 0]);
    await expect(applyAll(fakeTerminal(), [gx2], { plan: file })).rejects.toThrow("holds a plan for cloud gx1");
    const broken = await written("broken.json", "{}");
    await expect(applyAll(fakeTerminal(), [gx1], { plan: broken })).rejects.toThrow("is not a plan of version 1");
  });

  it("notes that an interrupted run left are put right though there is nothing else to do", async () => {
    const gx1 = thing("realm r", plan([], { repairs: 1 }));
    expect(await applyAll(fakeTerminal(), [gx1], {})).toBe(0);
    expect(gx1.seen.applied).toBe(1);
  });
});

describe("the operators' commands", () => {
  it("policies explain tells rights with the lines that give them", async () => {
    const claims = await written("claims.json", JSON.stringify({ sub: "s1", groups: ["developers"] }));
    const told = await cli(
      "policies",
      "explain",
      claims,
      "-p",
      policies,
      "--upstream",
      "customer-a-idp",
      "--target",
      "gx1",
    );
    expect(told.exitCode).toBe(0);
    expect(told.out).toMatch(/project customer-a\/dev member {2}\(grant dev, .*customer-a\.yaml:\d+/);
    expect(told.out).not.toContain("gx2");
    const login = { upstream: "customer-a-idp", claims: { sub: "s1", groups: ["developers"] } };
    const whole = await written("login.json", JSON.stringify(login));
    const json = JSON.parse((await cli("policies", "explain", whole, "-p", policies, "-o", "json")).out);
    expect(Object.keys(json.login)).toEqual(["tenant", "upstream", "amr", "flow", "client", "at"]);
    expect(json.login).toMatchObject({ upstream: "customer-a-idp", flow: "device" });
    expect(json.decision.kind).toBe("decided");
    expect(json.matched.map((trace: { grant: string }) => trace.grant)).toEqual(["dev"]);
  });

  it("policies explain says what is missing or misspelt", async () => {
    const claims = await written("claims.json", "{}");
    const explain = (...more: string[]) => cli("policies", "explain", claims, "-p", policies, ...more);
    expect((await explain()).err).toContain("through which identity provider?");
    expect((await explain("--upstream", "customer-a-ipd")).err).toContain('did you mean "customer-a-idp"?');
    expect((await explain("--upstream", "customer-a-idp", "--at", "today")).err).toContain('"today" is not a time');
    expect((await explain("--upstream", "customer-a-idp", "--target", "gx")).err).toContain('no target "gx"');
    expect((await cli("policies", "explain", join(folder, "none.json"), "-p", policies)).err).toContain("ENOENT");
  });

  it("targets render writes files without a secret", async () => {
    const rendered = join(folder, "rendered");
    const argv = ["targets", "render", "gx1", "-p", policies, "--issuer", "https://login.example", "--dir", rendered];
    expect((await cli(...argv)).exitCode).toBe(0);
    expect(await readdir(rendered)).toContain("gx1.apache.conf");
    expect(await readFile(join(rendered, "gx1.apache.conf"), "utf8")).toContain("https://login.example/jwks");
    expect((await cli("targets", "render", "gx7", "-p", policies, "--issuer", "https://x.example")).err).toContain(
      "did you mean",
    );
  });

  it("scs-check tries nothing without the token that it was promised: the command before the pipe has failed", async () => {
    const cloud = '{authUrl: "https://gx1.invalid/v3", username: a, password: {file: p}}';
    await written("p", "pw");
    const environment = await written(
      "scs.yaml",
      `kind: Environment\nissuer: https://login.example\nclouds: {gx1: ${cloud}}\n`,
    );
    const empty = await written("token", "\n");
    const { exitCode, err } = await cli("targets", "scs-check", "gx1", "-e", environment, "--token-file", empty);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/token: it is empty\n {2}Nothing was tried\./);
  });

  it("schema write publishes a draft-07 schema of every file", async () => {
    const to = join(folder, "schemas");
    expect((await cli("schema", "write", to)).exitCode).toBe(0);
    const names = (await readdir(to)).sort();
    expect(names).toEqual(["broker", "environment", "plan", "policy", "realm"].map((n) => `${n}.schema.json`));
    for (const name of names) {
      const schema = JSON.parse(await readFile(join(to, name), "utf8"));
      expect(schema).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#", title: expect.any(String) });
    }
    expect((await cli("schema", "write", join(to, "plan.schema.json"))).err).toContain("cannot be written");
  });

  it("config check shows what takes effect with secrets hidden, and names every problem of a wrong file", async () => {
    await written("master.key", "s3cret-canary-".repeat(4));
    const { cert, key } = makeCertificate({ name: "login.example", ends: 90, hosts: ["login.example"] });
    await written("c", cert);
    await written("k", key);
    const file = (text: string) => written("broker.yaml", text);
    const good = `issuer: https://login.example\nmasterKey: {file: master.key}\nkeys: keys.json\nlisten: {tls: {cert: c, key: k}}\nupstream: {issuer: "https://kc.example/realms/scs"}\npolicies: ["${policies}"]\n`;
    const checked = await cli("config", "check", await file(good));
    expect(checked.err).toContain("The configuration is good: 4 targets, 2 tenants, 0 realms.");
    expect(checked.exitCode).toBe(0);
    expect(checked.out).toContain('masterKey: "[secret]"');
    expect(checked.out).not.toContain("canary");
    const client = await cli("config", "check", await file(`${good}clients:\n  - {id: web, name: Web, target: gx9}\n`));
    expect([client.exitCode, client.err]).toEqual([1, expect.stringMatching(/broker\.yaml:8:34: .*"gx9"/)]);
    const wrong = await cli(
      "config",
      "check",
      await file(good.replace("policies:", "polices:").replace("https://kc", "kc")),
    );
    expect(wrong.exitCode).toBe(1);
    expect(wrong.err).toMatch(
      /the configuration: \d problems[\s\S]*unknown key "polices"[\s\S]*did you mean "policies"/,
    );
  });

  it("an environment file with mistakes applies nothing", async () => {
    const environment = await written("env.yaml", "kind: Environment\nissuer: https://x.example\nclowds: {}\n");
    const told = await cli("policies", "apply", policies, "--environment", environment, "--yes");
    expect(told.exitCode).toBe(1);
    expect(told.err).toContain('did you mean "clouds"');
    const empty = await written("env.yaml", "kind: Environment\nissuer: https://x.example\n");
    expect((await cli("policies", "plan", policies, "-e", empty)).err).toContain("has no entry for any target");
    expect((await cli("policies", "plan", policies, "-e", empty, "--target", "gx1")).err).toContain(
      "has no entry for gx1",
    );
  });

  it("serve passes the file on and answers its exit code", async () => {
    expect((await cli("serve", "--config", "four")).exitCode).toBe(4);
  });

  it.each([
    [[], 1, "Usage: cloudpass"],
    [["--help"], 0, "Exit codes"],
    [["realms", "apply", "--help"], 0, "Running it again does nothing"],
    [["exec", "--help"], 0, "cloudpass exec --cloud gx1 -- openstack server list"],
    [["frob"], 1, "unknown command 'frob'"],
    [["token"], 1, "--target"],
    [["token", "--target"], 1, "argument missing"],
    [["status", "--output", "xml"], 1, "Allowed choices are text, json"],
  ])("%j ends with %d and helps", async (argv, exitCode, text) => {
    const told = await cli(...argv);
    expect(told.exitCode).toBe(exitCode);
    expect(told.out + told.err).toContain(text);
  });
});
