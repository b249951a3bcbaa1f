import type { Clock, Person } from "../../src/core/index.ts";
import { createMint } from "../../src/issuer/index.ts";
import { type AtConsole, actingToken } from "../../src/issuer/logins/acting.ts";
import { type ConsoleDeps, createTenantClouds, createTenantViews } from "../../src/operations/index.ts";
import type { Policy } from "../../src/policy/index.ts";
import { kit, somebody } from "../unit/issuer/kit.ts";
import { deps as real } from "./targets-policy.ts";

/** What signs, so that a cloud believes it. */
interface Signing {
  readonly issuer: string;
  sign(typ: string, claims: object): string;
}

/** The console's operations over a policy, with tokens that a cloud believes. */
export function consoleOver(policy: Policy, signing: Signing) {
  const k = kit({ policy });
  const parts = { ...k.parts, clock: patient, random: real.random };
  const keys = () => ({ ...k.parts.keys(), sign: signing.sign });
  const mint = createMint({ ...parts, issuer: signing.issuer, keys });
  const noted: string[] = [];
  const events = {
    ...nobody,
    tokensIssued: ({ rights }: { rights: { audience: string } }) => void noted.push(rights.audience),
  };
  const acting = { ...parts, issuer: signing.issuer, mint, events };
  const clouds = createTenantClouds({ ...parts, actingToken: (who, cloud) => actingToken(acting, who, cloud) });
  const deps: ConsoleDeps = {
    ...parts,
    realmSessions: async () => ({ end: async () => undefined }),
    viewOf: createTenantViews(parts),
    clouds,
  };
  return { deps, clouds, noted, events: k.events, acting };
}

/** A busy machine is given ten times the time before something counts as late. */
const patient: Clock = {
  ...real.clock,
  sleep: (ms, signal) => real.clock.sleep(ms >= 1_500 ? ms * 10 : ms, signal),
};

const nobody = {
  tokensIssued: () => undefined,
  personConfirmed: () => undefined,
  personDoubted: () => undefined,
  loginEnded: () => undefined,
};

/** Somebody of customer A, unless it is said otherwise, at the console, in these groups. */
export const atConsole = (name: string, groups: readonly string[], more: Partial<Person> = {}): AtConsole => ({
  person: somebody(name, groups, more),
  client: "console",
  loginMethod: "browser",
  behind: { kind: "sign-in", realmGrant: name },
});
