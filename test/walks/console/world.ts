import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MailSink, startMailSink } from "../../support/mail-sink.ts";
import { git } from "../../support/policy-repository.ts";
import { startRealBrowser } from "../../support/real-browser.ts";
import { type RealStack, startRealStack } from "../../support/real-stack.ts";
import { Person } from "../../support/stack-person.ts";
import { Stage } from "../../support/stage.ts";
import type { AtEnd, Teller } from "../runner.ts";
import { withMembers } from "./members-world.ts";
import { PageVisitor } from "./page-visitor.ts";

/** What the steps work with. */
export interface World {
  readonly stack: RealStack;
  /** Alice, who manages customer A, at a real browser. */
  readonly alice: PageVisitor;
  /** Cora, who manages customer C, whose people live in the broker's realm. */
  readonly cora: PageVisitor;
  /** Dora, a developer of customer A, who manages nothing. */
  readonly dora: PageVisitor;
  /** What Keycloak and the broker sent. */
  readonly mail: MailSink;
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
  const mail = await startMailSink();
  atEnd(() => mail.stop());
  const files = await withMembers(folder, mail.port);
  await writeFile(join(policies, "targets.yaml"), files.targets);
  const stack = await startRealStack(
    folder,
    { say: tell.say, cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout },
    {
      policies,
      ...files.settings,
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
  const manager = async () => {
    const context = await browser.newContext({ locale: "en-GB", ignoreHTTPSErrors: true });
    return new PageVisitor(await context.newPage(), stack.issuer);
  };
  const [alice, cora, dora] = [await manager(), await manager(), await manager()];
  return { stack, alice, cora, dora, mail, clone, person: (email) => Person.logIn(stack, email) };
}
