import {
  type Instant,
  instant,
  type LoginId,
  type MintedName,
  type Person,
  type SubjectId,
  seconds,
  type TargetName,
} from "../core/index.ts";
import { type Behind, type IssuedTokens, storedBehind } from "../issuer/index.ts";
import { type CloudTarget, cloudMemory, type LoginMethod } from "../policy/index.ts";
import { defineKind, type Store, storedPerson, type Tag } from "../store/index.ts";
import type { RevocationDeps } from "./deps.ts";

/** What a cloud may know of one login, from the tokens that were issued for it: as long as it may honour any of it. */
export interface CloudGrant {
  /** `falls` = the cloud may know of more groups than these, and must be told. */
  readonly state: "stands" | "falls";
  readonly target: TargetName;
  readonly login: LoginId;
  readonly client: string;
  readonly loginMethod: LoginMethod;
  readonly behind: Behind;
  readonly holder: Person;
  readonly groups: readonly MintedName[];
  readonly issuedAt: Instant;
  /** End of the last token: until then somebody may bring one of before to the cloud, which believes it. */
  readonly tokensEnd: Instant;
  /** If it falls: the cloud is told from then on. */
  readonly tellAt: Instant;
  /** The cloud was told of this fall, and will be told again when no token of before is left. */
  readonly told: boolean;
}

export const cloudGrantKind = defineKind<CloudGrant>()(
  "foothold",
  [
    "state",
    "target",
    "login",
    "client",
    "loginMethod",
    "behind",
    "holder",
    "groups",
    "issuedAt",
    "tokensEnd",
    "tellAt",
    "told",
  ],
  {
    stored: {
      holder: { form: storedPerson },
      behind: { name: "upstreamGrant", form: storedBehind },
      loginMethod: { name: "flow" },
    },
    // Nobody's: what hangs on somebody of a closed identity provider is withheld (S-35), and just this must be taken back.
    subject: () => undefined,
  },
);

/** A cloud grant with its id in the store. */
export interface Held {
  readonly id: string;
  readonly value: CloudGrant;
}

/** All cloud grants, for going through them. */
export const everybody: Tag = { kind: "cloud-grants" };

/** Not the person's own tag: that one is ended with the person, and this says what is then to be taken back. */
const ofPerson = (sub: SubjectId): Tag => ({ kind: "cloud-grants", sub });

/** What clouds may know of a person. */
export const cloudGrantsOf = (store: Store, sub: SubjectId): Promise<readonly Held[]> =>
  store.list(cloudGrantKind, ofPerson(sub));

type Deps = Pick<RevocationDeps, "store" | "clock" | "policy">;

/** The cloud of that name; a cluster is not one. */
export function cloudOf({ policy }: Pick<Deps, "policy">, name: string): CloudTarget | undefined {
  const found = policy.targets.get(name as TargetName);
  return found?.kind === "openstack" ? found : undefined;
}

/**
 * Notes a token for a cloud; for a cluster there is nothing that could be told to it later. Answers whether it says less
 * than the one before.
 */
export async function noteIssued(deps: Deps, tokens: IssuedTokens): Promise<boolean> {
  const { loginId, login, client, rights, expiresAt } = tokens;
  const cloud = cloudOf(deps, rights.audience);
  if (cloud === undefined) return false;
  const id = `${loginId}.${cloud.name}.${client}`;
  const now = deps.clock.now();
  const { groups } = rights;
  const said = { holder: login.person, groups, issuedAt: now, tokensEnd: expiresAt };
  const ttl = seconds(expiresAt - now + cloudMemory(cloud));
  const known = await deps.store.get(cloudGrantKind, id);
  if (known === undefined) {
    const { loginMethod, behind, person } = login;
    const place = { target: cloud.name, login: loginId, client, loginMethod, behind };
    const first: CloudGrant = { state: "stands", ...place, ...said, tellAt: instant(0), told: false };
    await deps.store.put(cloudGrantKind, id, first, { ttl, tags: [everybody, ofPerson(person.sub)] });
    return false;
  }
  const fewer = known.groups.some((group) => !groups.includes(group));
  await deps.store.advance(cloudGrantKind, id, ["stands", "falls"], { ...said, ...(fewer && falling) }, { ttl });
  return fewer;
}

const falling = { state: "falls", told: false, tellAt: instant(0) } as const;

/** From now on it is these groups, and the cloud must be told. */
export async function fall(store: Store, { id, value }: Held, groups: readonly MintedName[]): Promise<void> {
  // Nothing left to lose: it falls already, and telling it anew would have no end.
  if (value.groups.length === 0) return;
  await store.advance(cloudGrantKind, id, ["stands", "falls"], { ...falling, groups });
}

/** The person has nothing on any cloud any more: a running broker tells them at its next round. */
export async function loseCloudGrants(store: Store, sub: SubjectId): Promise<void> {
  for (const held of await cloudGrantsOf(store, sub)) await fall(store, held, []);
}
