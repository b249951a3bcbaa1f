import { randomBytes, randomInt } from "node:crypto";

/** The only source of randomness. Injected, so that a test repeats itself. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Buffer;
  /** A whole number in [0, below), without modulo bias. */
  below(below: number): number;
}

/** The machine's cryptographic random source. */
export const systemRandom: Random = { bytes: (n) => randomBytes(n), below: (n) => randomInt(n) };

/** An unguessable token of `bytes` random bytes (default 32 = 256 bits), base64url. */
export const token = (random: Random, bytes = 32): string => random.bytes(bytes).toString("base64url");
