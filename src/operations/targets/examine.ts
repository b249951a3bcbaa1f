import type { Clock, Random } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";
import { type DoctorReport, examineCloud, examineCluster, type SignTrial } from "../../targets/index.ts";
import type { NamedEnvironment } from "../environment.ts";
import type { Listener } from "../progress.ts";
import { OperationRefused } from "../refused.ts";
import { reachTarget } from "./reach.ts";

/** Which cloud or cluster is looked at. */
export interface Examination {
  readonly kind: "cloud" | "cluster";
  readonly target: string;
  readonly policy: Policy;
  readonly environment: NamedEnvironment;
  readonly issuer: string;
  /** Signs tokens that are tried; without it none is. */
  readonly sign?: SignTrial;
}

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
  /** Aborted: no more questions; what was made is removed all the same. */
  readonly signal?: AbortSignal;
}

/**
 * Looks at a cloud or a cluster as it really behaves. On a cloud it makes two domains for some seconds; on a cluster it
 * writes nothing. Throws `Fault` when it does not answer.
 */
export async function examineTarget(wanted: Examination, deps: Deps): Promise<DoctorReport> {
  const { kind, issuer, sign, policy, environment } = wanted;
  const { target, connection } = reachTarget(policy, environment, wanted.target);
  const { clock, random, listener, signal } = deps;
  const trial = { issuer, ...(sign !== undefined && { sign }) };
  const looking = () => listener({ kind: "looking", at: `${kind} ${target.name}` });
  if (kind === "cloud" && target.kind === "openstack" && "authUrl" in connection) {
    looking();
    const options = { ...trial, ...(signal !== undefined && { signal }) };
    return examineCloud(target.name, connection, options, { clock, random });
  }
  if (kind === "cluster" && target.kind === "kubernetes" && "server" in connection) {
    looking();
    return examineCluster(target, connection, trial, { clock, random });
  }
  throw new OperationRefused(`"${wanted.target}" is not a ${kind} of the policy`);
}
