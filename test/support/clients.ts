import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/core/index.ts";
import type { Policy } from "../../src/policy/index.ts";
import { examples, mustLoad } from "../unit/policy/kit.ts";
import { type Booted, type BootOptions, boot } from "./boot.ts";
import { allowConsoleTool } from "./console-tool.ts";
import { type JsonAnswer, postForm } from "./device-login.ts";
import { type KeyHolder, keyHolder } from "./key-holder.ts";

export const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** Resource indicator of a target. */
export const resource = (target: string): string => `urn:cloudpass:target:${target}`;

const machineRules = `  robots: { from: customer-a-ci, all: [{ job: { in: [deploy] } }] }
grants:
  - { id: robots, give: developer, to: robots, at: [gx1, prod1] }
  - { id: robots-manage, give: domain-manager, to: robots, at: [gx2], require: { amr: [mfa] } }
`;

/** The text of an example policy file, with robots of customer A that log in by themselves. */
export const withRobots = (text: string): string =>
  text
    .replace("upstreams: [customer-a-idp]", "upstreams: [customer-a-idp, customer-a-ci]")
    .replace(/(from: customer-a-idp, all: \[\{ groups: \{ has: auditors \} \}\] \}\n)grants:\n/, `$1${machineRules}`);

/** The example policy, with robots of customer A that log in by themselves. */
export const policyWithRobots = (): Policy =>
  mustLoad(
    examples.map(({ file, text }) => ({
      file,
      text: withRobots(allowConsoleTool(text)),
    })),
  );

const secret = "portal-s3cret:with+odd%20characters and ü";

/**
 * A broker with a client of each kind: `portal` (secret; device login, exchange to gx1 and prod1), `front` (key; exchange
 * to gx2), `cloud` (secret; stands for gx1), `ci` and `cd` (key; robots of customer A, the second without rights),
 * `bound` (public, DPoP required).
 */
export interface WithClients extends Booted {
  readonly key: KeyHolder;
  readonly secret: string;
  /** HTTP Basic of a client. */
  basic(id: string, secret?: string): Record<string, string>;
  /** POSTs to an endpoint as a client with a key. */
  asKeyed(
    path: string,
    id: string,
    form: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<JsonAnswer>;
  /** POSTs to an endpoint as a client with a secret. */
  asSecret(path: string, id: string, form: Record<string, string>): Promise<JsonAnswer>;
}

export async function bootWithClients(options: BootOptions & { clock?: Clock } = {}): Promise<WithClients> {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-clients-"));
  const jwks = join(folder, "jwks.json");
  const key = await keyHolder("ES256", options.clock);
  await key.writeKeys(jwks);
  const robot = (job: string) => `{tenant: customer-a, upstream: customer-a-ci, claims: {job: ${job}}}`;
  const booted = await boot({
    policy: policyWithRobots(),
    ...options,
    env: { PORTAL_SECRET: secret },
    yaml: `${options.yaml ?? ""}
clients:
  - {id: portal, name: Portal, grants: [device, refresh, exchange], secret: {env: PORTAL_SECRET}, targets: [gx1, prod1]}
  - {id: front, name: Front, grants: [exchange], jwks: ${jwks}, targets: [gx1, gx2]}
  - {id: cloud, name: Cloud, grants: [device], secret: {env: PORTAL_SECRET}, introspects: [gx1]}
  - {id: ci, name: Pipelines of A, grants: [client-credentials], jwks: ${jwks}, machine: ${robot("deploy")}}
  - {id: cd, name: Others of A, grants: [client-credentials], jwks: ${jwks}, machine: ${robot("look")}}
  - {id: bound, name: Bound, grants: [device, refresh], dpop: required}
`,
  });
  const basic = (id: string, own = secret) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(own)}`).toString("base64")}`,
  });
  return {
    ...booted,
    key,
    secret,
    basic,
    asKeyed: async (path, id, form, headers = {}) => {
      const client_assertion = await key.assertion(id, booted.issuer);
      const proven = { ...form, client_assertion_type: assertionType, client_assertion };
      return postForm(`${booted.issuer}${path}`, proven, headers);
    },
    asSecret: (path, id, form) => postForm(`${booted.issuer}${path}`, form, basic(id)),
    stop: async () => {
      await booted.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
