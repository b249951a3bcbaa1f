import { defineConfig } from "vitest/config";

const tier = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 20_000, hookTimeout: 60_000, ...options },
});

/**
 * These files change nothing outside themselves: loading the modules once a worker halves the time. They wait for servers
 * of their own for much of it, so two workers are worth it on the smallest machine.
 */
const fast = { isolate: false, maxWorkers: 2 };

/** With real servers. */
const slow = { testTimeout: 60_000, hookTimeout: 240_000 };

// One project a tier: `vitest run --project unit`. The tiers with real servers run their files one after the other where
// they share a rig.
export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      // One worker, for which every file of the project is parsed once; hence after the others, which have two.
      tier("house", { isolate: false, maxWorkers: 1, sequence: { groupOrder: 1 } }),
      tier("unit", fast),
      tier("contract", { ...slow, exclude: ["test/contract/realm-kinds/**"] }),
      tier("realm-kinds", {
        ...slow,
        include: ["test/contract/realm-kinds/**/*.test.ts"],
        globalSetup: "test/contract/realm-kinds/one-keycloak.ts",
      }),
      tier("protocol", fast),
      tier("hostile", fast),
      tier("oracle", fast),
      tier("pages", { testTimeout: 120_000, hookTimeout: 240_000 }),
      tier("packed", { testTimeout: 120_000, hookTimeout: 240_000 }),
      tier("e2e", {
        testTimeout: 180_000,
        hookTimeout: 600_000,
        fileParallelism: false,
        isolate: false,
        maxWorkers: 1,
      }),
    ],
  },
});
