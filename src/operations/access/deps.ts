import type { Caller } from "../console/caller.ts";
import type { ConsoleDeps } from "../console/deps.ts";

/** What access requests work with. */
export type AccessDeps = ConsoleDeps;

/** What looking at them needs, and telling of them. */
export type RequestDeps = Pick<
  ConsoleDeps,
  "clock" | "policy" | "store" | "audit" | "policyFiles" | "viewOf" | "notices"
>;

/** Who asks for access: anybody of a tenant, by any login of a person's. Asking gives nothing, so S-12 keeps nobody from it. */
export type Asker = Caller;
