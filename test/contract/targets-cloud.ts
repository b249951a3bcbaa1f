import type { Policy } from "../../src/policy/index.ts";
import { applyPolicy, type Cloud, type Reply, startCloud } from "./target-rigs.ts";
import { examplePolicy } from "./targets-policy.ts";

/** The cloud gx1 of the example policy, for real. */
export interface TestCloud extends Cloud {
  readonly policy: Policy;
  /** The id of the first of a list with this name; throws when there is none. */
  idOf(collection: string, name: string): Promise<string>;
  /** A Keystone token for a project, or for the domain. */
  scopeTo(token: string, project: string | undefined, domain?: string): Promise<Reply>;
  /** The example policy with some texts replaced. */
  changed(changes?: readonly [string, string][]): Policy;
  /** Applies it; answers the steps. */
  apply(changes?: readonly [string, string][]): Promise<string[]>;
}

/** Starts it. */
export async function startTestCloud(): Promise<TestCloud> {
  const cloud = await startCloud("gx1", (url) => examplePolicy({ gx1: url }));
  const changed: TestCloud["changed"] = (changes = []) => examplePolicy({ gx1: cloud.rig.url }, changes);
  return {
    ...cloud,
    policy: changed(),
    idOf: async (collection, name) => (await cloud.ask("GET", `/${collection}?name=${name}`)).body[collection][0].id,
    scopeTo: (token, project, domain = "customer-a") => {
      const place = { domain: { name: domain } };
      const scope = project === undefined ? place : { project: { name: project, ...place } };
      return cloud.ask("POST", "/auth/tokens", {
        auth: { identity: { methods: ["token"], token: { id: token } }, scope },
      });
    },
    changed,
    apply: (changes) => applyPolicy(changed(changes), "gx1", cloud.connection),
  };
}
