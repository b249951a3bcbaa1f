import { z } from "zod";
import { Fault, systemClock, systemRandom } from "../../../core/index.ts";
import { createHttpClient, type HttpResponse, jsonOf } from "../../../http-client/index.ts";
import { CommandFailure, exitCodes, faultFailure, plain } from "../../failure.ts";
import { formatCommand } from "../../settings.ts";
import type { Session } from "./session.ts";
import type { ListedCluster } from "./targets.ts";
import { fixUnreachable, reasonOf } from "./unreachable.ts";

const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const text = z.string().max(1_024);
const answerSchema = z.object({
  status: z.object({ userInfo: z.object({ username: text, groups: z.array(text).default([]) }) }),
});

/** Who somebody is to a cluster, as its API server itself says it. */
export interface ClusterSelf {
  readonly username: string;
  readonly groups: readonly string[];
}

/** Asks a cluster's API server who comes with our token (`SelfSubjectReview`). */
export async function whoAmIAtCluster(session: Session, cluster: ListedCluster): Promise<ClusterSelf> {
  const { token } = await session.access(cluster.name);
  await session.open();
  return selfOf(session, cluster, await ask(cluster, token));
}

async function ask(
  { name, server, certificate_authority: caPem }: ListedCluster,
  token: string,
): Promise<HttpResponse> {
  // A client of its own: the cluster's authority is believed for the cluster alone.
  const deps = { clock: systemClock, random: systemRandom };
  const client = createHttpClient(`cluster ${name}`, { ...(caPem !== undefined && { caPem }) }, deps);
  return client({
    operation: "asking who you are",
    method: "POST",
    url: `${server.replace(/\/+$/, "")}${path}`,
    headers: { accept: "application/json", "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(review),
    idempotent: false,
  }).catch((problem: unknown) => {
    if (!(problem instanceof Fault)) throw problem;
    // Without a cause it did answer, and only says "not now".
    if (problem.cause === undefined) throw faultFailure(problem, "The cluster is out of order at present.");
    const reason = reasonOf(problem);
    throw new CommandFailure(`the cluster ${plain(name)} cannot be reached (${reason})`, {
      means: `Its address is ${plain(server)}.`,
      fix: fixUnreachable(server, reason),
      exitCode: exitCodes.unreachable,
      cause: problem,
    });
  });
}

function selfOf(session: Session, cluster: ListedCluster, answer: HttpResponse): ClusterSelf {
  const parsed = answerSchema.safeParse(jsonOf(answer));
  if (answer.status < 300 && parsed.success) return parsed.data.status.userInfo;
  const name = plain(cluster.name);
  if (answer.status === 401) {
    throw new CommandFailure(`the cluster ${name} refused your login (401)`, {
      means: "It does not take the broker's token: its API server does not know this issuer, or cannot fetch its keys.",
      fix: `tell the operator of the cluster; what the token says: ${formatCommand(session.settings, `token --target ${name} --output json`)}`,
    });
  }
  throw new CommandFailure(`the cluster ${name} answered ${answer.status} when asked who you are`, {
    means: answer.status === 404 ? "Kubernetes before 1.28 cannot say it." : "Its answer makes no sense.",
    fix:
      answer.status >= 500
        ? "try again in a moment; if it lasts, tell its operator"
        : "tell the operator of the cluster",
    exitCode: answer.status >= 500 ? exitCodes.unreachable : exitCodes.error,
  });
}
