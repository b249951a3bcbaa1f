import {
  type IdentityProviderAlias,
  type Instant,
  instant,
  makeSeal,
  type Person,
  Secret,
  seconds,
  subjectId,
  systemClock,
  systemRandom,
  type TargetName,
  type TenantName,
  token,
} from "../../../../src/core/index.ts";
import { createLog } from "../../../../src/http/index.ts";
import {
  type DeviceAuthorization,
  deviceAuthorizationId,
  deviceAuthorizationKind,
} from "../../../../src/issuer/device/device-authorization.ts";
import { loadPolicy } from "../../../../src/policy/index.ts";
import { boot } from "../../../support/boot.ts";
import { groupCount, manyTimes, obey, settings } from "./told.ts";

// The product: default settings, log on standard output, over plain http. Its Redis is the bench's.

const sets = Array.from({ length: groupCount }, (_, n) => `set-${n}`);
const policy = loadPolicy([
  {
    file: "bench.yaml",
    text: JSON.stringify({
      kind: "Policy",
      tenant: "bench",
      sets: Object.fromEntries(sets.map((s) => [s, [{ openstack: { role: "member", on: { project: "dev" } } }]])),
      people: { all: { from: "bench-idp", any: [{ groups: { has: "all" } }] } },
      grants: sets.map((s) => ({ id: s, give: s, to: "all", at: ["gx1"] })),
    }),
  },
  {
    file: "targets.yaml",
    text: JSON.stringify({
      kind: "Targets",
      clouds: { gx1: { keystone: "https://gx1.example:5000/v3", roles: ["member"] } },
      tenants: {
        bench: {
          emailDomains: ["bench.example"],
          upstreams: ["bench-idp"],
          domains: { gx1: "bench" },
          projects: ["dev"],
          ceiling: { openstack: ["member"] },
        },
      },
    }),
  },
]);
if (!policy.ok) throw new Error(JSON.stringify(policy.refusal));

const masterKey = "m".repeat(48);
const { broker, issuer } = await boot({
  policy: policy.value,
  log: createLog("info"),
  env: { BENCH_REDIS: settings.redis ?? "" },
  yaml: `trustedProxies: [127.0.0.1]
lifetimes: {deviceCode: 10m}
${settings.redis === undefined ? "" : "store: {kind: redis, url: {env: BENCH_REDIS}}"}`,
});

const seal = makeSeal(new Secret(masterKey), systemRandom);
/** Somebody else each time: what belongs to one person is kept together, and nobody logs in a thousand times. */
function somebody(now: Instant): Person {
  const subject = token(systemRandom, 16);
  const tenant = "bench" as TenantName;
  return {
    sub: subjectId("https://upstream.example", subject, tenant),
    tenant,
    identityProvider: "bench-idp" as IdentityProviderAlias,
    realmIssuer: "https://upstream.example",
    realmSubject: subject,
    preferredUsername: "alice",
    name: "Alice Ahrens",
    claims: { groups: ["all"] },
    amr: [],
    authTime: now,
  };
}

async function make(state: "issued" | "approved"): Promise<string> {
  const code = token(systemRandom);
  const now = systemClock.now();
  const handle = token(systemRandom, 16);
  const flow: DeviceAuthorization = {
    state,
    client: "gx1",
    scope: ["openid", "profile", "groups", "offline_access"],
    target: "gx1" as TargetName,
    userCode: seal.encrypt("user code", "BENC-BENC"),
    handle,
    origin: { address: "127.0.0.1", userAgent: "bench" },
    startedAt: now,
    expiresAt: instant(now + 840),
    interval: seconds(5),
    ...(state === "approved" && { person: somebody(now), realmGrant: "bench" }),
  };
  await broker.store.put(deviceAuthorizationKind, deviceAuthorizationId({ seal }, code), flow, {
    ttl: seconds(900),
    aliases: [`f:${handle}`],
  });
  return code;
}

obey(Number(new URL(issuer).port), {
  make: (what, count) => manyTimes(count, () => make(what === "pending" ? "issued" : "approved")),
});
