import type { Caller } from "../console/caller.ts";
import type { ConsoleDeps } from "../console/deps.ts";

/** What access requests work with. */
export type AccessDeps = ConsoleDeps;

/** Who asks for access: anybody of a tenant, by any login of a person's. Asking gives nothing, so S-12 keeps nobody from it. */
export type Asker = Caller;
