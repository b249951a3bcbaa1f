import { mkdir, rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shared } from "../../../support/shared.ts";
import { faults, loginFile } from "./faults.ts";
import { askDoctor, type Machine, newMachine, policyWith, startWorld, typeRemedy } from "./world.ts";

const world = shared(startWorld);
let machine: Machine;
beforeEach(async () => {
  machine = await newMachine(world);
});
afterEach(() => {
  world.front.trouble(() => undefined);
  world.now.policy = policyWith();
});

const isRoot = process.getuid?.() === 0;

describe("cloudpass doctor", { timeout: 60_000 }, () => {
  it("finds nothing wrong where nothing is", async () => {
    const found = await askDoctor(machine);
    // No cloud or cluster is there; what is found of these is tried on real ones (npm run walk -- cli).
    const wrong = found.filter(({ level }) => level === "fail").map(({ about }) => about);
    expect(wrong).toEqual(["gx1", "gx2", "prod1"]);
    expect(found.map(({ about }) => about)).toEqual(
      expect.arrayContaining(["settings", "broker", "clock", "login", "rights"]),
    );
  });

  it("takes a login that cannot be read for no login that is missing", async () => {
    const path = await loginFile(machine);
    await rm(path);
    await mkdir(path);
    const found = (await askDoctor(machine)).filter(({ level }) => level === "fail");
    expect(found).toMatchObject([{ about: "login file", says: expect.stringContaining("cannot be used (EISDIR)") }]);
  });

  it.each(faults.filter(({ asRoot }) => isRoot || asRoot !== true))(
    "finds that $name, and the remedy mends it",
    async (fault) => {
      const [about, level, says] = fault.found;
      const isIt = (one: { readonly about: string; readonly says: string }) =>
        one.about === about && says.test(one.says);
      await fault.plant(machine);
      const found = await askDoctor(machine);
      const [it] = found.filter(isIt);
      expect(it, JSON.stringify(found, undefined, 2)).toMatchObject({
        about,
        level,
        remedy: expect.stringMatching(/\w/),
      });
      await (fault.mend ?? typeRemedy)(machine, it?.remedy ?? "");
      expect((await askDoctor(machine)).filter(isIt)).toEqual([]);
    },
  );
});
