import { defineConfig } from "vitest/config";

const tier = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 20_000, hookTimeout: 60_000, ...options },
});

// One project a tier: `vitest run --project unit`. The tiers with real servers run their files one after the other where
// they share a rig.
export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      tier("house"),
      tier("unit"),
      tier("contract", { testTimeout: 60_000, hookTimeout: 240_000 }),
      tier("protocol"),
      tier("hostile"),
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
