import type { RoleName } from "../role-name.ts";

/**
 * With `manage-account` a person links a second IdP to the account without anybody's leave (account console,
 * client-initiated linking, `kc_action=idp_link`): claims of that other IdP would then stand in sessions begun with the
 * first. Linking needs an operator's right (S-36), so with a broker no person holds the right by default.
 */
export const withheldRoles: readonly RoleName[] = ["manage-account", "manage-account-links"].map((role) => ({
  client: "account",
  role,
}));
