import { hostname, userInfo } from "node:os";
import type { Actor } from "../../operations/index.ts";

/** Whoever types the command, for the audit and for another who would begin meanwhile: account and machine. */
export const operatorActor = (): Actor => ({ kind: "operator", name: `${accountName()} at ${hostname()}` });

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user id may have no name.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
