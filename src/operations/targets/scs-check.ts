import type { Clock, Random, TargetName } from "../../core/index.ts";
import { checkScs, type KeystoneConnection, removeScsLeftovers, type ScsReport } from "../../targets/index.ts";
import type { NamedEnvironment } from "../environment.ts";
import type { Listener } from "../progress.ts";
import { OperationRefused } from "../refused.ts";

/** Which cloud is tried. */
interface ScsWanted {
  readonly cloud: string;
  readonly environment: NamedEnvironment;
}

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Proves by doing that a cloud keeps the domain manager standard (scs-0302-v1); with an access token of the broker a
 * federated manager is tried, too. Throws `Fault` when the cloud does not answer, and the signal's reason when aborted.
 */
export async function checkScsOf(
  { accessToken, ...wanted }: ScsWanted & { readonly accessToken?: string },
  { clock, random, listener, signal }: Deps & { readonly listener: Listener; readonly signal: AbortSignal },
): Promise<ScsReport> {
  const connection = cloudOf(wanted);
  listener({ kind: "trying", what: `a domain manager on ${wanted.cloud}` });
  const options = { signal, ...(accessToken !== undefined && { accessToken }) };
  return checkScs(wanted.cloud as TargetName, connection, options, { clock, random });
}

/** Removes what earlier checks left that were killed; answers how many things. Throws `Fault`. */
export const removeScsLeftoversOf = async (wanted: ScsWanted, { clock, random }: Deps): Promise<number> =>
  removeScsLeftovers(wanted.cloud as TargetName, cloudOf(wanted), { clock, random });

/** The way to one cloud of the environment. */
function cloudOf({ cloud, environment }: ScsWanted): KeystoneConnection {
  const connection = environment.clouds[cloud];
  if (connection !== undefined) return connection;
  throw new OperationRefused(`${environment.file} has no entry for a cloud "${cloud}"`, {
    meaning: `It has: ${Object.keys(environment.clouds).join(", ") || "none"}.`,
  });
}
