import { z } from "zod";
import { type Clock, type Findings, makeFindings, type TargetName } from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import { type DoctorReport, formatSkew, skewOf } from "../doctor-report.ts";
import { makeTrialTokens, type SignTrial } from "../trial-tokens.ts";
import { advisoriesFor } from "./advisories.ts";
import { type KeystoneAnswer, type KeystoneCaller, makeKeystoneCaller } from "./caller.ts";
import { makeKeystone } from "./client.ts";
import type { KeystoneConnection } from "./connection.ts";
import { isOurId, newCheckId } from "./names.ts";
import { releaseOf } from "./release.ts";
import { checkScs } from "./scs/run.ts";
import { readWorld, type World } from "./world.ts";

/** What the doctor of a cloud may use besides the operator's account. */
interface CloudDoctorOptions {
  readonly issuer: string;
  /** Without it the cloud's front is not tried. */
  readonly sign?: SignTrial;
  readonly signal?: AbortSignal;
}

/**
 * Looks at a cloud as it really behaves. Makes two domains for some seconds (see `checkScs`). Throws `Fault` when the cloud
 * does not answer or the account may not look.
 */
export async function examineCloud(
  cloud: TargetName,
  connection: KeystoneConnection,
  options: CloudDoctorOptions,
  deps: HttpClientDeps,
): Promise<DoctorReport> {
  const findings = makeFindings();
  const keystone = makeKeystone(cloud, connection, deps);
  const caller = makeKeystoneCaller(cloud, connection, deps);
  await lookAtVersion(findings, caller, deps.clock);
  const scs = await checkScs(cloud, connection, { settingsOnly: true, ...options }, deps);
  lookAtPolicy(findings, scs);
  const release = await releaseOf(keystone, scs.assignable, newCheckId(deps.random));
  findings.ok("release", `Keystone is of ${release}, by what it can do`);
  for (const { id, message, remedy } of advisoriesFor(release)) findings.undecided(id, message, remedy);
  const world = await readWorld(keystone, isOurId);
  lookAtFederation(findings, world);
  lookAtMappings(findings, world);
  if (options.sign === undefined) {
    findings.warn("front", "not tried: it takes tokens signed by the broker", "give --config broker.yaml");
  } else {
    await tryFront(findings, caller, makeTrialTokens(options.issuer, cloud, options.sign, deps.clock));
  }
  return { about: `cloud ${cloud} at ${connection.authUrl}`, findings: findings.list };
}

const versionBody = z.object({ version: z.object({ id: z.string(), status: z.string() }) });

async function lookAtVersion(findings: Findings, caller: KeystoneCaller, clock: Clock): Promise<void> {
  const answer = await caller.ask(undefined, { method: "GET", path: "/" });
  const version = versionBody.safeParse(answer.body);
  if (version.success) findings.ok("API", `Identity API ${version.data.version.id}, ${version.data.version.status}`);
  else findings.fail("API", `it answers ${answer.status}, not as Keystone v3 does`, "give its URL ending in /v3");
  formatSkew(findings, skewOf(answer.date, clock.millis()));
}

function lookAtPolicy(findings: Findings, scs: Awaited<ReturnType<typeof checkScs>>): void {
  for (const { setting, pass, actor, action } of scs.checks) {
    if (setting === undefined) continue;
    if (pass) findings.ok(setting, "it is on, by what a token may do");
    else findings.fail(setting, `it is off: ${actor} ${action}`, `set [oslo_policy] ${setting} = true`);
  }
  const { assignable } = scs;
  const message = `a domain manager may assign ${assignable.join(", ") || "no role"}`;
  if (assignable.includes("admin"))
    findings.fail("domain manager", message, "take admin out of domain_managed_target_role in policy.yaml, at once");
  else if (assignable.length === 0)
    findings.warn("domain manager", message, "Keystone 2024.2 or later has the role manager with its policy");
  else findings.ok("domain manager", message);
}

function lookAtFederation(findings: Findings, { identityProviders }: World): void {
  const ours = identityProviders.filter((p) => isOurId(p.id));
  if (ours.length === 0)
    findings.warn("identity providers", "none of cloudpass is there", "run cloudpass policies apply");
  for (const p of ours) {
    if (!p.authorization_ttl)
      findings.warn(
        `identity provider ${p.id}`,
        "its memberships have no time to live",
        "run cloudpass policies apply",
      );
    else findings.ok(`identity provider ${p.id}`, `memberships end ${p.authorization_ttl} min after the last login`);
  }
  for (const p of identityProviders.filter((other) => (other.remote_ids ?? []).length === 0))
    findings.fail(
      `identity provider ${p.id}`,
      "it has no remote id: what any issuer asserts is believed",
      "give it one, or delete it",
    );
}

const mappingRules = z.array(
  z.object({
    local: z.array(z.looseObject({ groups: z.unknown().optional() })),
    remote: z.array(z.looseObject({ whitelist: z.unknown().optional(), regex: z.boolean().optional() })),
  }),
);

function lookAtMappings(findings: Findings, { mappings }: World): void {
  for (const { id, rules, schema_version: version } of mappings) {
    const read = mappingRules.safeParse(rules);
    const open =
      read.success &&
      read.data.some(
        ({ local, remote }) =>
          local.some((l) => typeof l.groups === "string" && l.groups.includes("{")) &&
          !remote.some((r) => Array.isArray(r.whitelist) && r.regex !== true),
      );
    if (open)
      findings.fail(
        `mapping ${id}`,
        'it passes group names on without an exact whitelist: a claim that says JSON:{"name":…} becomes any group of any domain',
        "list the names (whitelist, without regex)",
      );
    else if (version === "3.0")
      findings.warn(
        `mapping ${id}`,
        "schema 3.0 takes away project roles that a login does not name, also those given by domain managers",
        "use schema 2.0",
      );
    else findings.ok(`mapping ${id}`, `schema ${version ?? "1.0"}`);
  }
}

/** Keystone's own refusal is JSON with an error; what the web server refuses, Keystone never sees. */
const keystoneError = z.object({ error: z.object({ code: z.number() }) });
const reachedKeystone = (answer: KeystoneAnswer): boolean =>
  answer.token !== undefined || keystoneError.safeParse(answer.body).success;

async function tryFront(
  findings: Findings,
  caller: KeystoneCaller,
  { good, bad }: ReturnType<typeof makeTrialTokens>,
): Promise<void> {
  const front = (token: string) => caller.present(token, "cloudpass-doctor", "openid");
  const remedy = "put the file of cloudpass targets render into the web server in front of Keystone";
  const control = await front(good);
  if (control.token !== undefined)
    return findings.fail(
      "front",
      "Keystone let in a token that names no tenant",
      "delete the identity provider cloudpass-doctor",
    );
  if (!reachedKeystone(control))
    return findings.fail(
      "front",
      `it refuses a good token of the broker (${control.status}), so nobody can log in`,
      `${remedy}; can it reach the broker's keys?`,
    );
  findings.ok("front", "a good token reaches Keystone, which knows no such tenant");
  for (const { description, token } of bad) {
    const answer = await front(token);
    if (reachedKeystone(answer))
      findings.fail("front", `a token ${description} reaches Keystone (${answer.status})`, remedy);
    else findings.ok("front", `a token ${description} is refused (${answer.status})`);
  }
}
