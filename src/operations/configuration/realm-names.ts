import { type BrokerConfig, readYamlFiles } from "../../config/index.ts";
import { loadRealms } from "../../realms/index.ts";
import type { Lookup } from "../../yaml/index.ts";
import { orRefuse } from "../refused.ts";

/** Names of the realms that a broker's configuration names files of; their secrets are looked up, too. */
export const realmNames = (
  { realms }: Pick<BrokerConfig, "realms">,
  { lookup }: { readonly lookup: Lookup },
): readonly string[] =>
  orRefuse(loadRealms(orRefuse(readYamlFiles(realms), "the realms"), lookup), "the realms").map(({ realm }) => realm);
