import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { z } from "zod";
import { type Clock, type Instant, instant, isoTime, parseTime } from "../../core/index.ts";
import { publishAfter, publishBefore } from "./key-lifetimes.ts";

/**
 * A key as it is kept. `token` keys sign what we issue; `client` keys prove who we are to the realm (RFC 7523):
 * apart, so that neither can be used for the other. When it signs is part of it: a rotation is one write, and everything
 * after follows from the clock, on every instance alike.
 */
const heldKeySchema = z.strictObject({
  kid: z.string().min(16),
  use: z.enum(["token", "client"]),
  alg: z.literal("ES256"),
  createdAt: z.iso.datetime(),
  signsFrom: z.iso.datetime(),
  jwk: z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: z.string(), y: z.string(), d: z.string() }),
});

/** One key as it is kept, private part included. */
export type HeldKey = z.infer<typeof heldKeySchema>;

/** What a key is for. */
export type KeyUse = HeldKey["use"];

/** Both uses. */
const keyUses: readonly KeyUse[] = ["token", "client"];

const documentSchema = z.strictObject({
  version: z.literal(2),
  /** Grows with every change: an older set is never taken for the present one. */
  revision: z.int().min(1),
  keys: z.array(heldKeySchema),
});

/** The key set as a whole. */
export type KeyDocument = z.infer<typeof documentSchema>;

/** Reads a key set from its text; `undefined` when it is not one. */
export function readDocument(text: string): KeyDocument | undefined {
  try {
    const parsed = documentSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // no JSON
  }
}

/** The key set after a change. Revisions follow the time, so that one that starts anew is later than any before. */
export const documentAfter = (known: KeyDocument | undefined, keys: readonly HeldKey[], now: Instant): KeyDocument => ({
  version: 2,
  revision: Math.max((known?.revision ?? 0) + 1, now),
  keys: keys.map(asHeld),
});

/**
 * A key and what it does now. `next` is published but does not sign yet, `retiring` is published until the last token it
 * signed is over: what rotation without a gap needs.
 */
export interface StoredKey extends HeldKey {
  readonly status: "next" | "active" | "retiring";
  /** A retiring key is published until then. */
  readonly endsAt?: Instant;
}

/** Makes one new key. Its id is its RFC 7638 thumbprint: the same key never has two names. */
export async function makeKey(use: KeyUse, status: "next" | "active", clock: Pick<Clock, "now">): Promise<StoredKey> {
  const { kid, jwk } = await newKey();
  const now = clock.now();
  const signsFrom = isoTime(instant(status === "active" ? now : now + publishBefore));
  const held = heldKeySchema.parse({ kid, use, alg: "ES256", createdAt: isoTime(now), signsFrom, jwk: pick(jwk) });
  return { ...held, status };
}

/** An id that begins with a hyphen would be an option to every command that it is given to: such a key is thrown away. */
async function newKey(): Promise<{ kid: string; jwk: JWK }> {
  for (;;) {
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(privateKey);
    const kid = await calculateJwkThumbprint(jwk);
    if (!kid.startsWith("-")) return { kid, jwk };
  }
}

/** A key without what only holds at one moment. */
const asHeld = ({ kid, use, alg, createdAt, signsFrom, jwk }: HeldKey): HeldKey => ({
  kid,
  use,
  alg,
  createdAt,
  signsFrom,
  jwk,
});

/** The moment from which a key signs. */
export const signsFrom = (key: HeldKey): Instant => parseTime(key.signsFrom) ?? instant(0);

/**
 * What each key does at a moment: of one use, the one that signs last-from is active, those before it are retiring,
 * those after it are next. A retiring key whose last token is over is left out. While a clock is behind all keys, the
 * first one signs: there is never none.
 */
export function keysAt(held: readonly HeldKey[], now: Instant): StoredKey[] {
  return keyUses.flatMap((use) => {
    const keys = held.filter((k) => k.use === use).sort((a, b) => signsFrom(a) - signsFrom(b));
    const active = Math.max(
      0,
      keys.findLastIndex((k) => signsFrom(k) <= now),
    );
    return keys.flatMap((key, at): StoredKey[] => {
      if (at === active) return [{ ...key, status: "active" }];
      if (at > active) return [{ ...key, status: "next" }];
      const successor = keys[at + 1] ?? key;
      const endsAt = instant(signsFrom(successor) + publishAfter);
      return endsAt > now ? [{ ...key, status: "retiring", endsAt }] : [];
    });
  });
}

/** The next moment at which a key starts to sign or is no longer published. */
export function nextChange(held: readonly HeldKey[], now: Instant): Instant | undefined {
  const moments = keysAt(held, now).flatMap((k) => (k.status === "next" ? [signsFrom(k)] : k.endsAt ? [k.endsAt] : []));
  return moments.length === 0 ? undefined : instant(Math.min(...moments));
}

const pick = ({ kty, crv, x, y, d }: JWK) => ({ kty, crv, x, y, d });
