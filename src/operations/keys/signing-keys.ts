import { type Clock, isoTime, type Seconds } from "../../core/index.ts";
import {
  createKeyFile,
  documentAfter,
  firstKeys,
  importKeys,
  type KeyUse,
  keyFileHome,
  listKeys,
  publishAfter,
  replaceKeys,
  retireKey,
  rotateKeys,
  type StoredKey,
} from "../../issuer/index.ts";
import { type Actor, detailOf } from "../actor.ts";
import type { BrokerState } from "../broker-state.ts";

/** A key, without its private part. Moments are RFC 3339. */
export interface SigningKey {
  readonly kid: string;
  /** `token` keys sign what is issued; `client` keys prove to Keycloak who the broker is. */
  readonly use: KeyUse;
  readonly status: "next" | "active" | "retiring";
  readonly createdAt: string;
  readonly signsFrom: string;
  /** A retiring key is published until then. */
  readonly publishedUntil?: string;
}

type Keys = Pick<BrokerState, "keyHome" | "clock">;
type ChangingKeys = Keys & Pick<BrokerState, "audited">;

const careOf = ({ keyHome, clock }: Keys) => ({ home: keyHome, clock });
const kids = (keys: readonly StoredKey[]) => keys.map(({ kid }) => kid);

/** The keys as they are. */
export const listSigningKeys = async (deps: Keys): Promise<readonly SigningKey[]> =>
  (await listKeys(careOf(deps))).map(rowOf);

/** Makes the first keys where the configuration says. Throws `Fault` when some are there. */
export const createSigningKeys = (deps: ChangingKeys, actor: Actor): Promise<readonly SigningKey[]> =>
  deps.audited(async (audit) => {
    const made = await firstKeys(deps.clock);
    await deps.keyHome.create(documentAfter(undefined, made, deps.clock.now()));
    audit.record("keys.created", { kids: kids(made), detail: detailOf(actor) });
    return made.map(rowOf);
  });

/** Makes a key file that no configuration need name yet. Throws `Fault` when it is there. */
export async function createSigningKeyFile(file: string, deps: { readonly clock: Clock }): Promise<void> {
  await createKeyFile(file, deps.clock);
}

/** What a rotation did. */
export interface SigningKeysRotated {
  readonly made: readonly SigningKey[];
  /** Were being rotated already, and are left as they are. */
  readonly underWay: readonly SigningKey[];
  /** How long an old key stays published after it signed last. */
  readonly publishedAfter: Seconds;
}

/** Publishes a new key beside each present one; it takes over when everybody can know it. */
export const rotateSigningKeys = (
  { uses }: { readonly uses: readonly KeyUse[] },
  deps: ChangingKeys,
  actor: Actor,
): Promise<SigningKeysRotated> =>
  deps.audited(async (audit) => {
    const { made, underWay } = await rotateKeys(careOf(deps), uses);
    if (made.length > 0) audit.record("keys.rotated", { kids: kids(made), detail: detailOf(actor) });
    return { made: made.map(rowOf), underWay: underWay.map(rowOf), publishedAfter: publishAfter };
  });

/** How retiring a key ended. `signs`: nothing was done, since without it nothing could be issued. */
export interface SigningKeyRetired {
  readonly outcome: "retired" | "unknown" | "signs";
  readonly key?: SigningKey;
}

/** Stops publishing a key that does not sign, or takes a rotation back. */
export const retireSigningKey = (
  { kid }: { readonly kid: string },
  deps: ChangingKeys,
  actor: Actor,
): Promise<SigningKeyRetired> =>
  deps.audited(async (audit) => {
    const { outcome, key } = await retireKey(careOf(deps), kid);
    if (outcome === "retired") audit.record("keys.retired", { kids: [kid], detail: detailOf(actor) });
    return { outcome, ...(key && { key: rowOf(key) }) };
  });

/** What an emergency did. */
export interface SigningKeysReplaced {
  readonly dropped: readonly SigningKey[];
  readonly made: readonly SigningKey[];
}

/** Drops all keys of these uses, and has new ones sign at once. */
export const replaceSigningKeys = (
  { uses }: { readonly uses: readonly KeyUse[] },
  deps: ChangingKeys,
  actor: Actor,
): Promise<SigningKeysReplaced> =>
  deps.audited(async (audit) => {
    const { dropped, made } = await replaceKeys(careOf(deps), uses);
    audit.record("keys.replaced", { kids: kids(made), dropped: kids(dropped), detail: detailOf(actor) });
    return { dropped: dropped.map(rowOf), made: made.map(rowOf) };
  });

/** Puts the key set of a file in the place of whatever is there. */
export const restoreSigningKeys = (
  { file }: { readonly file: string },
  deps: ChangingKeys,
  actor: Actor,
): Promise<readonly SigningKey[]> =>
  deps.audited(async (audit) => {
    await importKeys(careOf(deps), await keyFileHome(file, deps.clock).read());
    const keys = await listKeys(careOf(deps));
    audit.record("keys.created", { kids: kids(keys), detail: `restored by ${detailOf(actor)}` });
    return keys.map(rowOf);
  });

/** Writes the key set to a new file that only we may read. Throws `Fault` when it is there. */
export const saveSigningKeys = async ({ file }: { readonly file: string }, deps: Keys): Promise<void> =>
  keyFileHome(file, deps.clock).create(await deps.keyHome.read());

const rowOf = ({ kid, use, status, createdAt, signsFrom, endsAt }: StoredKey): SigningKey => ({
  kid,
  use,
  status,
  createdAt,
  signsFrom,
  ...(endsAt !== undefined && { publishedUntil: isoTime(endsAt) }),
});
