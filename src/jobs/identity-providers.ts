import type { Job } from "./job.ts";

/**
 * Looks at the realm files again. A closed identity provider must let nobody in, nor stay, within 5 s (S-35); a change
 * counts when it was read twice.
 */
export const identityProviderFiles = (identityProviders: { refresh(): Promise<void> }): Job => ({
  name: "identity providers",
  every: 1_500,
  leased: false,
  first: "after a pause",
  run: () => identityProviders.refresh(),
});
