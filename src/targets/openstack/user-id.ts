import { createHash } from "node:crypto";
import type { SubjectId } from "../../core/index.ts";

/**
 * The id that Keystone gives to a person of ours who logs in at a domain: SHA-256 of the domain's id, the word `user` and what the
 * mapping calls the person, which is our `sub` (keystone/identity/id_generators/sha256.py, the default generator; the same since
 * Ussuri). It is the same before the first login there, and after the user was deleted.
 */
export const keystoneUserId = (domainId: string, sub: SubjectId): string =>
  createHash("sha256").update(`${domainId}user${sub}`).digest("hex");
