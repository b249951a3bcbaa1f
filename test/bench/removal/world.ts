import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KeystoneTimes } from "../../rigs/index.ts";
import { type RealStack, startRealStack } from "../../support/real-stack.ts";
import { Person } from "../../support/stack-person.ts";
import { root, Stage } from "../../support/stage.ts";
import { type Employee, patiently } from "./removal.ts";

/** How the broker and the clouds are set for one measurement. Seconds. */
export interface Setting {
  readonly push: boolean;
  readonly accessToken: number;
  readonly keystone: KeystoneTimes;
  readonly authorizationTtl: number;
}

/** A stack with people of customer A who are logged in. */
export interface RemovalWorld {
  readonly stack: RealStack;
  readonly people: readonly Employee[];
  stop(): Promise<void>;
}

/** Starts Keycloak, two Keystones, an apiserver and the broker, and signs `count` people in. */
export async function startWorld(setting: Setting, count: number): Promise<RemovalWorld> {
  const stage = await Stage.open();
  try {
    const policies = join(stage.folder, "policies");
    await mkdir(policies);
    await cp(join(root, "policies"), policies, { recursive: true });
    const targets = join(policies, "targets.yaml");
    const text = await readFile(targets, "utf8");
    await writeFile(
      targets,
      text.replaceAll(/authorizationTtl: \w+/g, `authorizationTtl: ${setting.authorizationTtl}s`),
    );
    const stack = await startRealStack(
      stage.folder,
      { say: console.log, cloudpass: async (args, env) => (await stage.cloudpass(args, { env, silent: true })).stdout },
      {
        policies,
        keystone: setting.keystone,
        yaml: `lifetimes: {accessToken: ${setting.accessToken}s}\npush: {enabled: ${setting.push}}\n`,
      },
    );
    const stop = async () => {
      await stack.stop();
      await stage.close();
    };
    try {
      return { stack, people: await signIn(stack, count), stop };
    } catch (problem) {
      await stop();
      throw problem;
    }
  } catch (problem) {
    await stage.close();
    throw problem;
  }
}

async function signIn(stack: RealStack, count: number): Promise<Employee[]> {
  const people: Employee[] = [];
  for (let n = 1; n <= count; n++) {
    const name = `worker${n}`;
    await stack.admin.call("POST", "/customer-a/users", {
      ...{ username: name, email: `${name}@a.example`, emailVerified: true, enabled: true },
      ...{ firstName: "Worker", lastName: String(n), groups: ["/developers"] },
      credentials: [{ type: "password", value: name, temporary: false }],
    });
    people.push({ name, login: await patiently(() => Person.logIn(stack, `${name}@a.example`)) });
  }
  return people;
}
