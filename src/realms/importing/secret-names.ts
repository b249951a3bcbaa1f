import { createHash } from "node:crypto";

/** A reference to a variable whose name is not known before all of them are. */
interface Asked {
  readonly env: string;
}

/** The environment variables that a file refers to. */
export interface SecretNames {
  /** A reference to the secret in one place of the file, to be called by these words. */
  readonly refer: (place: readonly string[], words: readonly string[]) => Asked;
  /** The document with every reference under its name, and all names in order. */
  readonly settle: (document: Record<string, unknown>) => {
    readonly document: Record<string, unknown>;
    readonly names: readonly string[];
  };
}

/**
 * Names for secrets. A variable's name has fewer letters than a client's: where two secrets would come to share one, each
 * gets a digest of its own place behind it. So a name never depends on the order in which things were read, and another
 * client later may take a name out of use, never give it another meaning.
 */
export function secretNames(realm: string): SecretNames {
  // By their places, which no two share, as their words may.
  const asked = new Map<string, string>();
  const settled = (): ReadonlyMap<string, string> => {
    const sharing = new Map<string, number>();
    for (const name of asked.values()) sharing.set(name, (sharing.get(name) ?? 0) + 1);
    return new Map(
      [...asked].map(([place, name]) => [place, sharing.get(name) === 1 ? name : `${name}_${digestOf(place)}`]),
    );
  };
  return {
    refer: (place, words) => {
      const exact = JSON.stringify([realm, ...place]);
      asked.set(exact, variable([realm, ...words]));
      return { env: exact };
    },
    settle: (document) => {
      const names = settled();
      return { document: renamed(document, names) as Record<string, unknown>, names: [...names.values()].sort() };
    },
  };
}

function variable(words: readonly string[]): string {
  const name = words
    .join("_")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  return /^[A-Z_]/.test(name) ? name : `_${name}`;
}

const digestOf = (place: string): string => createHash("sha256").update(place).digest("hex").slice(0, 8).toUpperCase();

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === "env" && typeof only[1] === "string" && names.has(only[1])) {
    return { env: names.get(only[1]) };
  }
  return Object.fromEntries(entries.map(([name, inner]) => [name, renamed(inner, names)]));
}
