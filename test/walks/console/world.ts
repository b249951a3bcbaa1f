import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { git } from "../../support/policy-repository.ts";
import { startRealBrowser } from "../../support/real-browser.ts";
import { type RealStack, startRealStack } from "../../support/real-stack.ts";
import { Person } from "../../support/stack-person.ts";
import { root, Stage } from "../../support/stage.ts";
import type { AtEnd, Teller } from "../runner.ts";
import { Alice } from "./alice.ts";

/** What the steps work with. */
export interface World {
  readonly stack: RealStack;
  /** Alice, who manages customer A, at a real browser. */
  readonly alice: Alice;
  /** A clone of the tenants' repository, as a colleague has one. */
  readonly clone: string;
  /** Somebody of customer A at a terminal. */
  person(email: string): Promise<Person>;
}

/** Two clouds, a cluster, Keycloak and a broker that keeps them as the operator's folder and the tenants' repository say. */
export async function startWorld(atEnd: AtEnd, tell: Teller): Promise<World> {
  const stage = await Stage.open();
  atEnd(() => stage.close());
  const { folder } = stage;
  const policies = join(folder, "policies");
  await mkdir(policies);
  await writeFile(join(policies, "targets.yaml"), await readFile(join(root, "policies/targets.yaml"), "utf8"));
  const stack = await startRealStack(
    folder,
    { say: tell.say, cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout },
    {
      policies,
      environment: "policyRepository: policies.git\n",
      yaml: "policyRepository: {folder: policies.git}\nreconcile: {environment: environment.yaml, mode: apply}\n",
    },
  );
  atEnd(() => stack.stop());
  // It reads the environment at its start, and the cluster came after that.
  await stack.restartBroker();
  const clone = join(folder, "clone");
  git(folder, ["clone", "--quiet", join(folder, "policies.git"), clone]);
  const browser = await startRealBrowser({ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false });
  atEnd(() => browser.close());
  const context = await browser.newContext({ locale: "en-GB", ignoreHTTPSErrors: true });
  const alice = new Alice(await context.newPage(), stack.issuer);
  return { stack, alice, clone, person: (email) => Person.logIn(stack, email) };
}
