import { randomFillSync, randomInt } from "node:crypto";

/** The only source of randomness. Injected, so that a test repeats itself. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Buffer;
  /** A whole number in [0, below), without modulo bias. */
  below(below: number): number;
}

/** Bytes that are drawn from the machine at once: asking costs as much for a few as for many. */
const blockLength = 4096;

/** Hands out a block's bytes, each once; what was handed out is wiped, so that no past token is found in our memory. */
function blockwise(): Random["bytes"] {
  const block = Buffer.alloc(blockLength);
  let from = blockLength;
  return (length) => {
    if (length > blockLength) return randomFillSync(Buffer.alloc(length));
    if (from + length > blockLength) {
      randomFillSync(block);
      from = 0;
    }
    const bytes = Buffer.from(block.subarray(from, from + length));
    block.fill(0, from, from + length);
    from += length;
    return bytes;
  };
}

/** The machine's cryptographic random source. */
export const systemRandom: Random = { bytes: blockwise(), below: (n) => randomInt(n) };

/** An unguessable token of `bytes` random bytes (default 32 = 256 bits), base64url. */
export const token = (random: Random, bytes = 32): string => random.bytes(bytes).toString("base64url");

/** True for the form of a token. What comes from outside and has another is looked up nowhere. */
export const isToken = (text: string): boolean => /^[\w-]{1,64}$/.test(text);
