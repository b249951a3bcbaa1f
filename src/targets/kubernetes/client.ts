import { z } from "zod";
import { Fault, type TargetName } from "../../core/index.ts";
import {
  createHttpClient,
  type HttpClientDeps,
  type HttpRequest,
  type HttpResponse,
  jsonOf,
} from "../../http-client/index.ts";
import type { KubernetesConnection } from "./connection.ts";

/** Who writes, as `managedFields` tells it. */
export const fieldManager = "cloudpass";

const object = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    deletionTimestamp: z.string().optional(),
    managedFields: z.array(z.object({ manager: z.string().optional(), operation: z.string().optional() })).optional(),
  }),
  roleRef: z.object({ kind: z.string(), name: z.string() }).optional(),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
});

/** A namespace or a binding, as far as we look. */
export type KubernetesObject = z.infer<typeof object>;

/** A thin client of one API server. Every method throws `Fault` ("kubernetes <cluster>"). */
export interface KubernetesClient {
  /** All objects of a collection, over all pages. */
  list(operation: string, path: string, labelSelector?: string): Promise<KubernetesObject[]>;
  /** One object, or `undefined` when there is none. */
  get(operation: string, path: string): Promise<KubernetesObject | undefined>;
  /** Whether there is such an object; `undefined` when our account may not know. */
  exists(operation: string, path: string): Promise<boolean | undefined>;
  /** Server-side apply. `force` takes fields over from whoever changed them. */
  apply(operation: string, path: string, body: object, force: boolean): Promise<void>;
  /** Why the server would refuse our account this write, by a dry run; `undefined` when the account may. Writes nothing. */
  refusal(operation: string, path: string, write: { readonly apply: object } | "delete"): Promise<string | undefined>;
  /** Deletes exactly this object in exactly this state; one that is already gone is a success. */
  remove(operation: string, path: string, seen: { uid: string; resourceVersion: string }): Promise<void>;
}

const serverSide = "application/apply-patch+yaml";

/** Makes the client. */
export function makeKubernetes(
  cluster: TargetName,
  connection: KubernetesConnection,
  deps: HttpClientDeps,
): KubernetesClient {
  const dependency = `kubernetes ${cluster}`;
  const call = makeCall(dependency, connection, deps);
  return {
    list: async (operation, path, labelSelector) => {
      const all: KubernetesObject[] = [];
      for (let next = ""; ; ) {
        const more = { ...(labelSelector && { labelSelector }), ...(next && { continue: next }) };
        const query = new URLSearchParams({ limit: "500", ...more });
        const answer = await call({ operation, method: "GET", path: `${path}?${query}`, idempotent: true }, [200]);
        const { items, metadata } = parse(dependency, operation, answer, page);
        all.push(...items);
        next = metadata.continue ?? "";
        if (next === "") return all;
      }
    },
    get: async (operation, path) => {
      const answer = await call({ operation, method: "GET", path, idempotent: true }, [200, 404]);
      return answer.status === 404 ? undefined : parse(dependency, operation, answer, object);
    },
    exists: async (operation, path) => {
      const { status } = await call({ operation, method: "GET", path, idempotent: true }, [200, 403, 404]);
      return status === 403 ? undefined : status === 200;
    },
    apply: async (operation, path, body, force) => {
      const at = `${path}?${new URLSearchParams({ fieldManager, ...(force && { force: "true" }) })}`;
      await call({ operation, method: "PATCH", path: at, body, type: serverSide, idempotent: true }, [200, 201]);
    },
    refusal: async (operation, path, write) => {
      const query = new URLSearchParams({ dryRun: "All", ...(write !== "delete" && { fieldManager, force: "true" }) });
      const asked = { operation, path: `${path}?${query}`, idempotent: true };
      const answer = await call(
        write === "delete"
          ? { ...asked, method: "DELETE" }
          : { ...asked, method: "PATCH", body: write.apply, type: serverSide },
        // What else may be wrong comes to light when it is done: only what the account may is asked here.
        [200, 201, 202, 403, 404, 409, 422],
      );
      return answer.status === 403 ? formatForbidden(answer) : undefined;
    },
    remove: async (operation, path, preconditions) => {
      const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions };
      await call({ operation, method: "DELETE", path, body, idempotent: true }, [200, 202, 404]);
    },
  };
}

type Call = Omit<HttpRequest, "url" | "headers" | "body"> & { path: string; body?: object; type?: string };

function makeCall(dependency: string, connection: KubernetesConnection, deps: HttpClientDeps) {
  const ask = createHttpClient(dependency, connection, deps);
  const headers = {
    accept: "application/json",
    ...(connection.token !== undefined && { authorization: `Bearer ${connection.token.reveal()}` }),
  };
  return async (
    { path, body, type = "application/json", ...question }: Call,
    wanted: readonly number[],
  ): Promise<HttpResponse> => {
    const answer = await ask({
      ...question,
      url: `${connection.server}${path}`,
      headers: { ...headers, ...(body !== undefined && { "content-type": type }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (wanted.includes(answer.status)) return answer;
    const retryable = answer.status >= 500 || answer.status === 409;
    throw new Fault(dependency, question.operation, { retryable, message: formatStatus(answer) });
  };
}

function parse<T>(dependency: string, operation: string, answer: HttpResponse, schema: z.ZodType<T>): T {
  const read = schema.safeParse(jsonOf(answer));
  if (read.success) return read.data;
  const message = "the answer is not one of Kubernetes";
  throw new Fault(dependency, operation, { cause: read.error, retryable: false, message });
}

const page = z.object({ metadata: z.object({ continue: z.string().optional() }), items: z.array(object) });

function formatStatus(answer: HttpResponse): string {
  switch (answer.status) {
    case 401:
      return "it does not know our account (401)";
    case 403:
      return formatForbidden(answer);
    case 404:
      return "its namespace is not there (404)";
    case 409:
      return "somebody else changed it meanwhile (409); make a new plan";
    default:
      return `it answers ${answer.status}`;
  }
}

const refusal = z.object({ message: z.string() });

/** Which of the two limits it was: a message of our own admission policies is passed on, for it says what to do. */
function formatForbidden(answer: HttpResponse): string {
  const message = refusal.safeParse(jsonOf(answer)).data?.message ?? "";
  const limit = /ValidatingAdmissionPolicy 'cloudpass-[a-z]+' with binding '[^']+' denied request: (.{1,300})$/.exec(
    message,
  );
  if (limit !== null) return `the limits of our account refuse it (403): ${limit[1]}`;
  return "our account may not do this (403): it needs the rights of deploy/kubernetes/operator.yaml, bind on the ClusterRoles of the policy among them, and for the whole cluster those of operator-cluster-wide.yaml";
}
