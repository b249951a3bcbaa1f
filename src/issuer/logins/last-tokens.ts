import { setImmediate as nextTurn } from "node:timers/promises";
import {
  atMost,
  consoleTarget,
  type Instant,
  type SubjectId,
  seconds,
  type TargetName,
  type TenantName,
} from "../../core/index.ts";
import { defineKind } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import type { IssuedTokens } from "../events.ts";

/** When somebody last got a token for a target: as much of the use of a right as a broker can know. */
export interface LastToken {
  readonly target: TargetName;
  /** The client that got it. */
  readonly client: string;
  /** The first one that is remembered, and the last; within an hour. */
  readonly first: Instant;
  readonly at: Instant;
}

/** The same as the store keeps it: a pseudonym stands for the person. */
interface Entry extends LastToken {
  readonly state: "noted";
  readonly person: string;
}

const entryKind = defineKind<Entry>()("last-token", ["state", "person", "target", "client", "first", "at"]);

/** A token that came within so many seconds of one that was noted is not noted: a program may ask every minute. */
const notedEvery = seconds(3_600);
/** So many are remembered to be noted; of more people some are written down again. */
const mostRemembered = 100_000;
/** Notes at the same time. */
const atOnce = 8;

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock" | "policy"> & {
  readonly times: Pick<IssuerDeps["times"], "knownPerson">;
};

/** How a person is called in what is noted. */
export const pseudonymOf = ({ seal }: Pick<IssuerDeps, "seal">, sub: SubjectId): string =>
  `k-${seal.hash("known person", sub).slice(0, 22)}`;

/**
 * Makes what notes who got a token for which target; only where the policy has a console, which shows it. It answers at
 * once and writes later, at most once an hour for a person and a target. A note that fails is made by the next token.
 */
export function createTokenNotes(deps: Deps): (tokens: IssuedTokens) => void {
  const noted = new Map<string, Instant>();
  const gate = atMost(atOnce);
  return ({ login: { person }, client, rights }) => {
    const target = rights.audience as TargetName;
    const { targets } = deps.policy;
    if (!targets.has(consoleTarget) || !targets.has(target)) return;
    const at = deps.clock.now();
    const key = `${person.sub} ${target}`;
    const before = noted.get(key);
    if (before !== undefined && at - before < notedEvery) return;
    noted.delete(key);
    const [oldest] = noted.size >= mostRemembered ? noted.keys() : [];
    if (oldest !== undefined) noted.delete(oldest);
    noted.set(key, at);
    const { sub, tenant } = person;
    gate(() => note(deps, { sub, tenant }, { target, client, first: at, at })).catch(() => noted.delete(key));
  };
}

async function note(
  deps: Deps,
  { sub, tenant }: { readonly sub: SubjectId; readonly tenant: TenantName },
  token: LastToken,
): Promise<void> {
  // Whoever asked has the answer first.
  await nextTurn();
  const { store, times } = deps;
  const { target, client, at } = token;
  const id = deps.seal.hash("last token", `${sub} ${target}`);
  const keeping = { ttl: times.knownPerson };
  const known = await store.advance(entryKind, id, ["noted"], { client, at }, keeping);
  if (known.outcome !== "absent") return;
  // Another instance may have been first, with a moment that is as good; of a person who was revoked nothing is kept.
  await store.put(
    entryKind,
    id,
    { state: "noted", person: pseudonymOf(deps, sub), ...token },
    {
      ...keeping,
      tags: [
        { kind: "person", sub },
        { kind: "last-tokens", tenant, target },
      ],
    },
  );
}

/** The last tokens of a person, by target. */
export async function lastTokensOf(
  { store }: Pick<IssuerDeps, "store">,
  sub: SubjectId,
): Promise<ReadonlyMap<TargetName, LastToken>> {
  const found = await store.list(entryKind, { kind: "person", sub });
  return new Map(found.map(({ value }) => [value.target, value]));
}

/** The last tokens of a tenant's people for a target, by their pseudonyms. */
export async function lastTokensFor(
  { store }: Pick<IssuerDeps, "store">,
  { tenant, target }: { readonly tenant: TenantName; readonly target: TargetName },
): Promise<ReadonlyMap<string, Instant>> {
  const found = await store.list(entryKind, { kind: "last-tokens", tenant, target });
  return new Map(found.map(({ value }) => [value.person, value.at]));
}
