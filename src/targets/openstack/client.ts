import { z } from "zod";
import { Fault, type TargetName } from "../../core/index.ts";
import {
  createHttpClient,
  type HttpClientDeps,
  type HttpRequest,
  type HttpResponse,
  jsonOf,
} from "../../http-client/index.ts";
import type { KeystoneConnection } from "./connection.ts";

/** A thin client of one Keystone (Identity API v3). Every method throws `Fault` ("keystone <cloud>"). */
export interface KeystoneClient {
  /** All entries of a list, over all pages. */
  list<T>(operation: string, path: string, collection: string, entry: z.ZodType<T>): Promise<T[]>;
  /** One object, or `undefined` when there is none. */
  get<T>(operation: string, path: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** Creates by POST; answers what was made. Never tried twice. */
  create<T>(operation: string, path: string, body: object, made: z.ZodType<T>): Promise<T>;
  /** PUT or PATCH. */
  put(operation: string, path: string, body?: object): Promise<void>;
  patch(operation: string, path: string, body: object): Promise<void>;
  /** DELETE; something that is already gone is a success. */
  remove(operation: string, path: string): Promise<void>;
}

/** Makes the client. It logs in when first asked, once for all calls under way, and again when its token is refused. */
export function makeKeystone(cloud: TargetName, connection: KeystoneConnection, deps: HttpClientDeps): KeystoneClient {
  const dependency = `keystone ${cloud}`;
  const call = makeCall(dependency, connection, deps);
  return {
    list: (operation, path, collection, entry) => listAll(dependency, call, { operation, path, collection, entry }),
    get: async (operation, path, schema) => {
      const answer = await call({ operation, method: "GET", path, idempotent: true }, [200, 404]);
      return answer.status === 404 ? undefined : parse(dependency, operation, jsonOf(answer), schema);
    },
    create: async (operation, path, body, made) => {
      const answer = await call({ operation, method: "POST", path, body, idempotent: false }, [200, 201]);
      return parse(dependency, operation, jsonOf(answer), made);
    },
    put: async (operation, path, body) => {
      // PUT of an assignment may be repeated; of a federation object a second one is a 409, so it is not tried again.
      const idempotent = body === undefined;
      await call({ operation, method: "PUT", path, idempotent, ...(body && { body }) }, [200, 201, 204]);
    },
    patch: async (operation, path, body) => {
      await call({ operation, method: "PATCH", path, body, idempotent: true }, [200]);
    },
    remove: async (operation, path) => {
      await call({ operation, method: "DELETE", path, idempotent: true }, [200, 204, 404]);
    },
  };
}

type Call = Omit<HttpRequest, "url" | "headers" | "body"> & { path: string; body?: object };
type MakeCall = (call: Call, wanted: readonly number[]) => Promise<HttpResponse>;

function makeCall(dependency: string, connection: KeystoneConnection, deps: HttpClientDeps): MakeCall {
  const base = connection.authUrl.replace(/\/+$/, "");
  const ask = createHttpClient(dependency, connection, deps);
  const url = `${base}/auth/tokens`;
  const login = () => ({ operation: "log in", url, headers: json, body: JSON.stringify(credentials(connection)) });
  const session = makeSession(dependency, () => ask({ ...login(), method: "POST", idempotent: true }));
  return async ({ path, body, ...question }, wanted) => {
    for (let again = false; ; again = true) {
      const token = await session.token();
      const answer = await ask({
        ...question,
        url: `${base}${path}`,
        headers: { ...json, "x-auth-token": token },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (wanted.includes(answer.status)) return answer;
      // The token ran out or was revoked: the call did not take effect.
      if (answer.status === 401 && !again) session.forget(token);
      else {
        const retryable = answer.status >= 500;
        throw new Fault(dependency, question.operation, { retryable, message: formatStatus(answer.status) });
      }
    }
  };
}

interface List<T> {
  readonly operation: string;
  readonly path: string;
  readonly collection: string;
  readonly entry: z.ZodType<T>;
}

async function listAll<T>(dependency: string, call: MakeCall, list: List<T>): Promise<T[]> {
  const { operation, path, collection } = list;
  const entries = z.array(list.entry);
  const all: T[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer = await call({ operation, method: "GET", path: next, idempotent: true }, [200]);
    const read = parse(dependency, operation, jsonOf(answer), page);
    all.push(...parse(dependency, operation, read[collection], entries));
    next = nextPage(path, read.links?.next ?? undefined);
    // Taking a cut list for the whole would create what exists and keep what should go.
    if (next === undefined && read.truncated === true) {
      const message = "the list is cut; raise [identity]/[resource] list_limit";
      throw new Fault(dependency, operation, { retryable: false, message });
    }
  }
  return all;
}

function parse<T>(dependency: string, operation: string, value: unknown, schema: z.ZodType<T>): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const message = "the answer is not one of Keystone v3";
  throw new Fault(dependency, operation, { cause: read.error, retryable: false, message });
}

const page = z.looseObject({
  links: z.object({ next: z.string().nullish() }).nullish(),
  truncated: z.boolean().optional(),
});

const json = { "content-type": "application/json", accept: "application/json" };

function makeSession(dependency: string, logIn: () => Promise<HttpResponse>) {
  let current: Promise<string> | undefined;
  const fetchToken = async (): Promise<string> => {
    const answer = await logIn();
    const token = answer.headers["x-subject-token"];
    if (answer.status === 201 && typeof token === "string") return token;
    const message =
      answer.status === 401 ? "the account's name, password or scope is refused" : formatStatus(answer.status);
    throw new Fault(dependency, "log in", { retryable: answer.status >= 500, message });
  };
  let value: string | undefined;
  return {
    token: (): Promise<string> => {
      current ??= fetchToken().then(
        (token) => {
          value = token;
          return token;
        },
        (thrown: unknown) => {
          current = undefined;
          throw thrown;
        },
      );
      return current;
    },
    /** Ten calls may be refused at once; only the first of them asks for a new login. */
    forget: (token: string): void => {
      if (token !== value) return;
      value = undefined;
      current = undefined;
    },
  };
}

function credentials(c: KeystoneConnection): object {
  const user = { name: c.username, domain: { name: c.userDomain }, password: c.password.reveal() };
  const scope = c.system
    ? { scope: { system: { all: true } } }
    : c.project === undefined
      ? {}
      : { scope: { project: { name: c.project, domain: { name: c.projectDomain ?? c.userDomain } } } };
  return { auth: { identity: { methods: ["password"], password: { user } }, ...scope } };
}

/** Of the server's "next" only the query is taken: a foreign address in it must never see our token. */
function nextPage(path: string, next: string | undefined): string | undefined {
  if (next === undefined || !URL.canParse(next, "http://keystone.invalid")) return undefined;
  const { search } = new URL(next, "http://keystone.invalid");
  return search === "" ? undefined : `${path.split("?", 1)[0]}${search}`;
}

function formatStatus(status: number): string {
  switch (status) {
    case 401:
      return "it refuses our token (401)";
    case 403:
      return "the operator's account may not do this (403); give it the role admin";
    case 404:
      return "something it needs is not there (404)";
    case 409:
      return "it exists already, perhaps in another case or made by another (409)";
    default:
      return `it answers ${status}`;
  }
}
