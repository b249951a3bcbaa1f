import { isoTime, type TargetName } from "../../../core/index.ts";
import type { HttpClientDeps } from "../../../http-client/index.ts";
import { type KeystoneCaller, loginQuestion, makeKeystoneCaller } from "../caller.ts";
import { type KeystoneClient, makeKeystone } from "../client.ts";
import type { KeystoneConnection } from "../connection.ts";
import { logInFederated } from "./federated.ts";
import { type Manager, runMatrix } from "./matrix.ts";
import { makeProber, type Prober, type Trial } from "./prober.ts";
import type { ScsNotApplicable, ScsReport } from "./report.ts";
import { makeScsSite, removeScsSite, type ScsSite } from "./site.ts";

/** How a check is run. */
interface ScsOptions {
  /** An access token of the issuer for this cloud; without it no federated manager is tried. */
  readonly accessToken?: string;
  /** Only what tells how the cloud is set: neither the matrix nor a federated manager. */
  readonly settingsOnly?: boolean;
  /** Aborted: no more questions; what was made is removed all the same. */
  readonly signal?: AbortSignal;
}

/**
 * Checks scs-0302-v1 on a cloud by doing: makes two domains, lets a manager with a password and one that comes with a token
 * try everything that is granted and everything that is forbidden, and removes the domains. Throws `Fault` when the cloud
 * does not answer or the operator's account may not do it, and the signal's reason when aborted.
 */
export async function checkScs(
  cloud: TargetName,
  connection: KeystoneConnection,
  options: ScsOptions,
  deps: HttpClientDeps,
): Promise<ScsReport> {
  const keystone = makeKeystone(cloud, connection, deps);
  const caller = makeKeystoneCaller(cloud, connection, deps);
  const suffix = deps.random.bytes(4).toString("hex");
  const prober = makeProber(caller, options.signal);
  let assignable: readonly string[] = [];
  try {
    options.signal?.throwIfAborted();
    const site = await makeScsSite(keystone, suffix, deps.random);
    noteRoles(prober, site);
    const local = await logInWithPassword(prober, site);
    const federated = await comeIn(prober, keystone, caller, site, options.accessToken);
    if (local) {
      await checkSettings(prober, site, local);
      assignable = await findAssignable(prober, site, local);
    }
    if (options.settingsOnly !== true)
      for (const manager of [local, federated]) if (manager) await runMatrix(prober, site, manager);
  } finally {
    await removeScsSite(keystone, suffix);
  }
  const pass = prober.checks.every((c) => c.pass);
  const at = isoTime(deps.clock.now());
  return { cloud, at, checks: prober.checks, notApplicable: notSeen(), assignable, pass };
}

/** Removes what runs left that were killed. Answers how many were removed. */
export const removeScsLeftovers = (
  cloud: TargetName,
  connection: KeystoneConnection,
  deps: HttpClientDeps,
): Promise<number> => removeScsSite(makeKeystone(cloud, connection, deps));

function notSeen(): ScsNotApplicable[] {
  const files = "a policy file cannot be seen through the API; what it would allow is tried by R4 to R9";
  const older = "this cloud has the domain manager of Keystone 2024.2 and later, or none";
  return [
    { requirement: "R10", because: files },
    { requirement: "R11", because: older },
  ];
}

function noteRoles(prober: Prober, { roles }: ScsSite): void {
  const question = { method: "GET", path: "/roles" } as const;
  const look = () => (roles.has("manager") ? undefined : "the list holds no role manager");
  const action = "finds the role manager in the list of roles";
  prober.note(
    "operator",
    { requirement: "R1", wanted: "allowed", question, action, look },
    { status: 200, body: roles },
  );
}

const intoOwn = (site: ScsSite) => ({ domain: { id: site.own.id } });

async function logInWithPassword(prober: Prober, site: ScsSite): Promise<Manager | undefined> {
  const question = loginQuestion(site.own.manager, intoOwn(site));
  const action = "logs in to its domain";
  const trial: Trial = { requirement: "R2", wanted: "allowed", question, action };
  const { token } = await prober.try("password manager", undefined, trial);
  return token === undefined ? undefined : { actor: "password manager", token, user: site.own.manager.id };
}

async function comeIn(
  prober: Prober,
  keystone: KeystoneClient,
  caller: KeystoneCaller,
  site: ScsSite,
  accessToken: string | undefined,
): Promise<Manager | undefined> {
  if (accessToken === undefined) return undefined;
  const login = await logInFederated(keystone, caller, site, accessToken);
  const question = { method: "POST", path: "/OS-FEDERATION/…/auth" } as const;
  const action = "comes in with its token";
  const answer = { status: login.status, body: undefined };
  prober.note("federated manager", { requirement: "R2", wanted: "allowed", question, action }, answer);
  if (login.outcome === "refused") return undefined;
  const scoped = await prober.try("federated manager", undefined, {
    requirement: "R2",
    wanted: "allowed",
    question: loginQuestion({ token: login.token }, intoOwn(site)),
    action: "gets a token for its domain",
  });
  return scoped.token === undefined ? undefined : { actor: "federated manager", token: scoped.token, user: login.user };
}

/** R8, seen from outside: what only the older rules or a missing scope check would let through. */
async function checkSettings(prober: Prober, site: ScsSite, manager: Manager): Promise<void> {
  await prober.try(manager.actor, manager.token, {
    requirement: "R8",
    setting: "enforce_scope",
    wanted: "refused",
    question: { method: "GET", path: `/users/${manager.user}/application_credentials` },
    action:
      "lists its application credentials with a token for a domain (enforce_scope: only for projects and the system)",
  });
  const login = await prober.ask(undefined, loginQuestion(site.stranger, { project: { id: site.own.project } }));
  await prober.try("nobody special", login.token, {
    requirement: "R8",
    setting: "enforce_new_defaults",
    wanted: "refused",
    question: {
      method: "POST",
      path: `/users/${site.stranger.id}/credentials/OS-EC2`,
      body: { tenant_id: site.own.project },
    },
    action: "makes itself an EC2 credential without being a member (enforce_new_defaults: only members may)",
  });
}

/** Tries every role of the cloud: the list that the live policy has. Admin must not be in it. */
async function findAssignable(prober: Prober, { own, roles }: ScsSite, manager: Manager): Promise<readonly string[]> {
  const given: string[] = [];
  for (const [name, role] of [...roles].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = `/projects/${own.project}/users/${own.user}/roles/${role}`;
    const wanted = name === "admin" ? "refused" : expected(name);
    const trial: Trial = {
      requirement: name === "admin" ? "R9" : "R6",
      wanted: wanted ?? "allowed",
      question: { method: "PUT", path },
      action: `gives ${name} to a user of its domain`,
    };
    const answer = await prober.ask(manager.token, trial.question);
    if (wanted !== undefined) prober.note(manager.actor, trial, answer);
    if (answer.status !== 204) continue;
    given.push(name);
    await prober.ask(manager.token, { method: "DELETE", path });
  }
  return given;
}

/** What every domain manager must be able to give, or never; the rest is the provider's choice, and only reported. */
const expected = (role: string): "allowed" | "refused" | undefined =>
  role === "member" ? "allowed" : role === "service" ? "refused" : undefined;
