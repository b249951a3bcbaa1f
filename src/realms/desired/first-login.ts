import type { Plain } from "../../reconcile/index.ts";
import { firstLoginFlow } from "../markers.ts";

/**
 * The steps of a person's first login: make an account, or fail. The built-in flow's "handle existing account" branch
 * (confirm by e-mail or by logging in) is left out on purpose: an e-mail address, verified or not, links nothing (S-34,
 * S-36; CVE-2025-7365). So is its profile page, on which people would write their own e-mail address.
 * Membership of the IdP's organization follows, as in the built-in flow.
 */
export const firstLoginSteps: readonly Plain[] = [
  { does: "idp-create-user-if-unique", requirement: "REQUIRED" },
  {
    flow: `${firstLoginFlow} organization`,
    requirement: "CONDITIONAL",
    steps: [
      { does: "conditional-user-configured", requirement: "REQUIRED" },
      { does: "idp-add-organization-member", requirement: "REQUIRED" },
    ],
  },
];
