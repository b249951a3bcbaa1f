import type { Secret, TargetName } from "../../core/index.ts";
import { createHttpClient, type HttpClientDeps, jsonOf } from "../../http-client/index.ts";
import type { KubernetesConnection } from "./connection.ts";

/** What an API server answered: also a refusal is an answer. */
interface KubernetesAnswer {
  readonly status: number;
  readonly body: unknown;
  /** As it came: metrics are no JSON. */
  readonly text: string;
  /** The server's clock, as it tells it. */
  readonly date?: string;
}

/** Asks one API server. It judges no status; it throws `Fault` when nobody answers. */
export interface KubernetesCaller {
  /** As the operator's account. */
  ask(method: "GET" | "POST", path: string, body?: object): Promise<KubernetesAnswer>;
  /** As nobody but the bearer of a token. */
  askAs(token: Secret, method: "GET" | "POST", path: string, body?: object): Promise<KubernetesAnswer>;
}

/** Makes the caller. */
export function makeKubernetesCaller(
  cluster: TargetName,
  connection: KubernetesConnection,
  deps: HttpClientDeps,
): KubernetesCaller {
  const { server, caPem, token } = connection;
  const own = createHttpClient(`kubernetes ${cluster}`, connection, deps);
  const bare = createHttpClient(`kubernetes ${cluster}`, caPem === undefined ? {} : { caPem }, deps);
  const send =
    (ask: typeof own, bearer: Secret | undefined) => async (method: "GET" | "POST", path: string, body?: object) => {
      const answer = await ask({
        operation: `${method} ${path}`,
        method,
        url: `${server}${path}`,
        headers: {
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(bearer !== undefined && { authorization: `Bearer ${bearer.reveal()}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        idempotent: true,
      });
      const { date } = answer.headers;
      const told = typeof date === "string" ? { date } : {};
      return { status: answer.status, body: jsonOf(answer), text: answer.body, ...told };
    };
  return { ask: send(own, token), askAs: (bearer, ...rest) => send(bare, bearer)(...rest) };
}
