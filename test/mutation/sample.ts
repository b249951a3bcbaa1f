import { createHash } from "node:crypto";

/** A change of the sources, as far as it is drawn by lot. */
export interface Drawn {
  /** Its number among all changes of the same sources. */
  readonly id: string;
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
}

/** What is said of a change that the sample leaves out. */
export const notInSample = "not in the sample";

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);

/** From 0 to 1; only the change, the seed and the purpose decide, so that each run of the same sources draws the same. */
function lot(purpose: string, { id, mutatorName, replacement = "" }: Drawn): number {
  const seed = process.env["CLOUDPASS_MUTATED_SEED"] ?? "";
  const name = [seed, purpose, id, mutatorName, replacement].join("\n");
  return createHash("sha256").update(name).digest().readUInt32BE() / 2 ** 32;
}

/** Whether a change belongs to those that are tried. */
export const isInSample = (change: Drawn) => lot("sample", change) < number("CLOUDPASS_MUTATED_SHARE", 1);

/** Whether a change belongs to those that are tried a second time. */
export const isTriedAgain = (change: Drawn) => lot("again", change) < number("CLOUDPASS_MUTATED_AGAIN", 0);

/** The 95 % interval of a share of which `hits` of `tries` were seen (Wilson's), from 0 to 1. */
export function interval(hits: number, tries: number): readonly [number, number] {
  const z = 1.96;
  const middle = (hits + (z * z) / 2) / (tries + z * z);
  const reach = (z * Math.sqrt((hits * (tries - hits)) / tries + (z * z) / 4)) / (tries + z * z);
  return [middle - reach, middle + reach];
}
