import type { ConfiguredClient } from "../../src/issuer/index.ts";

/**
 * A program for people like the `cloudpass` command, which every broker under test knows: public, on loopback, for every
 * target. It need not prove a key of its own, so a test that is not about keys carries none.
 */
export const consoleTool: ConfiguredClient & { readonly introspects: string[] } = {
  id: "console-tool",
  name: "Console tool",
  scopes: ["openid", "profile", "email", "groups", "offline_access"],
  grants: ["authorization-code", "device", "refresh"],
  redirectUris: ["http://127.0.0.1/callback"],
  postLogoutRedirectUris: [],
  dpop: "optional",
  deviceOrigin: "challenge",
  targets: [],
  introspects: [],
};

/** Lets it carry on a device login what the example policies let the `cloudpass` command carry. */
export const allowConsoleTool = (policies: string): string =>
  policies.replace("allow: [cloudpass]", "allow: [cloudpass, console-tool]");
