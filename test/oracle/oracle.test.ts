import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Difference, differences } from "./differences.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { ours } from "./ours.ts";
import { send } from "./shot.ts";
import { theirs } from "./theirs.ts";
import type { World } from "./world.ts";

// The same requests, right and wrong ones, to our issuer and to npm `oidc-provider`. Where the answers differ, a line of
// differences.ts says why ours is right; a line that no request needs is wrong, too.

let we: World;
let they: World;
beforeAll(async () => {
  [we, they] = [await ours(), await theirs()];
});
afterAll(async () => {
  await we.stop();
  await they.stop();
});

const needed = new Set<Difference>();
let compared = 0;

const fits = (pattern: string, text: string): boolean => {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return text === pattern;
  const last = rest.at(-1) ?? "";
  return text.startsWith(first) && text.endsWith(last) && text.length >= first.length + last.length;
};

/** One request to both; what they say, if no line explains it. */
async function compare(endpoint: Endpoint, mutation: Mutation): Promise<string | undefined> {
  const ask = async (world: World) => send(world.issuer, await mutation.apply(await endpoint.shot(world), world));
  const [our, their] = await Promise.all([ask(we), ask(they)]);
  compared++;
  if (our === their) return undefined;
  const why = differences.find(
    (d) => d.ours === our && d.theirs === their && fits(d.endpoint, endpoint.name) && fits(d.mutation, mutation.name),
  );
  if (!why) return `${mutation.name}: ours "${our}", theirs "${their}"`;
  needed.add(why);
  return undefined;
}

describe("our issuer beside oidc-provider", { timeout: 60_000 }, () => {
  test.each(endpoints.map((e) => [e.name, e] as const))(
    "%s: every difference is explained",
    async (_name, endpoint) => {
      const unexplained: string[] = [];
      for (const mutation of mutationsOf(endpoint, await endpoint.shot(we))) {
        const difference = await compare(endpoint, mutation);
        if (difference !== undefined) unexplained.push(difference);
      }
      expect(unexplained).toEqual([]);
    },
  );

  test("every explanation is needed", () => {
    expect(compared).toBeGreaterThan(500);
    expect(differences.filter((d) => !needed.has(d))).toEqual([]);
  });
});
