/** What the bench asks of a server of its own, over the channel between parent and child. */
export type Order = { readonly make: "pending" | "approved"; readonly count: number } | { readonly serve: string };

/** What a server says: once where it listens, then an answer to each order. */
export type Said = { readonly port: number } | { readonly codes: readonly string[] };

/** Settings that the bench gives a server. */
export interface ServerSettings {
  /** Address of a Redis; none = keep everything in memory. */
  readonly redis?: string;
}

/** The settings of this server. */
export const settings = JSON.parse(process.argv[2] ?? "{}") as ServerSettings;

/** Says where this server listens, and obeys from then on. */
export function obey(
  port: number,
  orders: { make(what: "pending" | "approved", count: number): Promise<string[]>; serve?(body: string): void },
): void {
  process.on("message", async (order: Order) => {
    if ("serve" in order) orders.serve?.(order.serve);
    const codes = "make" in order ? await orders.make(order.make, order.count) : [];
    process.send?.({ codes } satisfies Said);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port } satisfies Said);
}

/** Runs `work` `count` times, 64 at a time. */
export async function manyTimes<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) {
    const batch = Math.min(64, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: batch }, work))));
  }
  return made;
}

/** Groups in each ID and access token. */
export const groupCount = 20;
