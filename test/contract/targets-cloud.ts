import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../src/core/index.ts";
import { apacheSnippet, type Policy } from "../../src/policy/index.ts";
import { applyTarget, type KeystoneConnection, planTarget, sayApplied, sayPlan } from "../../src/targets/index.ts";
import { createTestCa, freePort, type KeystoneRig, startKeystone } from "../rigs/index.ts";
import { startTestIssuer, type TestIssuer } from "./targets-issuer.ts";
import { deps, examplePolicy, target } from "./targets-policy.ts";

/** What Keystone, or the Apache before it, answered. */
export interface Reply {
  readonly status: number;
  /** A token, where one was made. */
  readonly token: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever Keystone answers
  readonly body: any;
}

/** A real Keystone behind the Apache of our snippet, an issuer that it trusts, and the operator's account. */
export interface TestCloud {
  readonly rig: KeystoneRig;
  readonly issuer: TestIssuer;
  readonly connection: KeystoneConnection;
  readonly policy: Policy;
  /** As the admin, past Apache; with other headers as somebody else, and with a bearer through Apache. */
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Reply>;
  /** The first of a list with this name. */
  one(collection: string, name: string): Promise<{ readonly id: string } | undefined>;
  /** A login with a token of the issuer. */
  federated(tenant: string, token: string): Promise<Reply>;
  /** A Keystone token for a project, or for the domain. */
  scopeTo(token: string, project: string | undefined, domain?: string): Promise<Reply>;
  /** Applies the example policy with some texts replaced; answers the steps. */
  apply(changes?: readonly [string, string][]): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts the cloud gx1 of the example policy. */
export async function startTestCloud(): Promise<TestCloud> {
  const dir = await mkdtemp(join(tmpdir(), "cloudpass-targets-"));
  const ca = await createTestCa(join(dir, "ca"));
  const issuer = await startTestIssuer(ca);
  const port = await freePort();
  const policy = examplePolicy({ gx1: `http://127.0.0.1:${port}/v3` });
  const rig = await startKeystone({
    dir: join(dir, "gx1"),
    name: "gx1",
    port,
    ...issuer,
    audience: "gx1",
    caFile: ca.certFile,
    apacheSnippet: apacheSnippet(policy, target("gx1"), issuer),
  });
  const connection = {
    authUrl: rig.url,
    username: "admin",
    password: new Secret(rig.adminPassword),
    userDomain: "Default",
    project: "admin",
    projectDomain: "Default",
  };
  const { call, ...asPerson } = await callers(rig);
  return {
    rig,
    issuer,
    connection,
    policy,
    call,
    ...asPerson,
    one: async (collection, name) => (await call("GET", `/${collection}?name=${name}`)).body[collection][0],
    apply: async (changes = []) => {
      const wanted = changes.length === 0 ? policy : examplePolicy({ gx1: rig.url }, changes);
      const planned = await planTarget(wanted, target("gx1"), connection, deps);
      const applied = await applyTarget(planned);
      if (applied.outcome !== "applied") throw new Error(`${sayPlan(planned.plan)}\n${sayApplied(applied)}`);
      return applied.done.map((step) => `${step.phase} ${step.action} ${step.kind} ${step.key}`);
    },
    stop: async () => {
      await rig.stop();
      await issuer.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function callers(rig: KeystoneRig): Promise<Pick<TestCloud, "call" | "federated" | "scopeTo">> {
  let adminToken = "";
  const call: TestCloud["call"] = async (method, path, body, headers = {}) => {
    const front = headers["authorization"] === undefined ? rig.directUrl : rig.url;
    const response = await fetch(`${front}${path}`, {
      method,
      headers: { "content-type": "application/json", ...(adminToken && { "x-auth-token": adminToken }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const token = response.headers.get("x-subject-token") ?? "";
    return { status: response.status, token, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
  const user = { name: "admin", domain: { name: "Default" }, password: rig.adminPassword };
  const scope = { project: { name: "admin", domain: { name: "Default" } } };
  const identity = { methods: ["password"], password: { user } };
  adminToken = (await call("POST", "/auth/tokens", { auth: { identity, scope } })).token;
  return {
    call,
    federated: (tenant, token) =>
      call("POST", `/OS-FEDERATION/identity_providers/cloudpass-${tenant}/protocols/openid/auth`, undefined, {
        authorization: `Bearer ${token}`,
        "x-auth-token": "",
      }),
    scopeTo: (token, project, domain = "customer-a") => {
      const place = { domain: { name: domain } };
      return call("POST", "/auth/tokens", {
        auth: {
          identity: { methods: ["token"], token: { id: token } },
          scope: project === undefined ? place : { project: { name: project, ...place } },
        },
      });
    },
  };
}
