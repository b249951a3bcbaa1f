import type { Clock, Seal } from "../../core/index.ts";
import type { Store } from "../../store/index.ts";
import { keyFileHome } from "./key-file.ts";
import type { KeyHome } from "./key-home.ts";
import { sharedKeyHome } from "./shared-keys.ts";

/** Where the key set lives, as the configuration says it: a file (its path), or the store, which only then is opened. */
export const openKeyHome = async (
  keys: string | { readonly store: true },
  { clock, store, seal }: { clock: Clock; store: () => Promise<Store>; seal: Seal },
): Promise<KeyHome> =>
  typeof keys === "string" ? keyFileHome(keys, clock) : sharedKeyHome({ store: await store(), seal });
