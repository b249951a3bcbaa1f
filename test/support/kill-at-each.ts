import type { PassingRequest, Trouble } from "./fault-proxy.ts";

/** What goes wrong with which request. */
export type Decide = (request: PassingRequest) => Trouble | undefined;

/** Runs that are killed: how one goes, and what is done with it. */
export interface KilledRuns<Ended> {
  /** One run from its beginning to its end, with the trouble. */
  readonly run: (decide: Decide) => Promise<Ended>;
  /** Names a change, the same in each run. */
  readonly boundaryOf: (request: PassingRequest) => string;
  /** What is looked at or done after each kill. */
  readonly afterKill: (boundary: string) => Promise<void>;
}

/** A change by what it does: the same in each run, whatever ids and numbers were given. */
export function changeInWords({ method, path, body }: PassingRequest): string {
  const anonymous = (text: string) =>
    text
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "*")
      .replaceAll(/(being(?: |%20)built(?: |%20))\d+/g, "$1*")
      .replaceAll(/(cloudpass-baseline-)[\w-]+/g, "$1*")
      .replaceAll(/\d{9,}/g, "*");
  // A run makes leases, half-built flows and scratch realms anew. Everything else is made once.
  const again = /authentication|roles-by-id|cloudpass-baseline-/.test(path);
  return `${method} ${again ? anonymous(path) : path} ${body.includes("cloudpass-lease") ? "" : anonymous(body)}`;
}

/**
 * Kills one run after the other, each after the first change that none was killed after yet, and lets the next go on
 * with what is there; until one has no such change and ends by itself. So there is a kill after every change, also after
 * those that only a run makes that comes after a kill. Answers how that one ended, and after what the others were killed.
 */
export async function killAtEach<Ended>({
  run,
  boundaryOf,
  afterKill,
}: KilledRuns<Ended>): Promise<{ readonly ended: Ended; readonly boundaries: ReadonlySet<string> }> {
  const boundaries = new Set<string>();
  for (;;) {
    const met: string[] = [];
    let died: string | undefined;
    const ended = await run((request) => {
      if (died !== undefined) return { kind: "cut" };
      if (request.change === undefined) return undefined;
      const name = boundaryOf(request);
      met.push(name);
      // Half-built flows pile up by the many kills only: one kill for each sort of request is enough there.
      const nth = name.includes("/authentication/") ? 1 : met.filter((it) => it === name).length;
      const boundary = `${name} #${nth}`;
      if (boundaries.has(boundary)) return undefined;
      boundaries.add(boundary);
      died = boundary;
      // The server did it, and then the applier was gone: nothing of it arrives any more.
      return { kind: "cut", afterwards: true };
    });
    if (died === undefined) return { ended, boundaries };
    await afterKill(died);
  }
}
