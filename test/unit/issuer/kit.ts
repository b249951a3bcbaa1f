import { type AuditEntry, createAudit } from "../../../src/audit/index.ts";
import {
  type Claims,
  type IdentityProviderAlias,
  type Instant,
  instant,
  makeSeal,
  ok,
  type PageError,
  type Person,
  type Result,
  Secret,
  seconds,
  subjectId,
  systemRandom,
  type TenantName,
} from "../../../src/core/index.ts";
import {
  createNetworks,
  createSessions,
  type Fields,
  type Reply,
  type Request,
  type Session,
} from "../../../src/http/index.ts";
import {
  type ConfiguredClient,
  createIssuer,
  type Issuer,
  type IssuerParts,
  makeKeySet,
} from "../../../src/issuer/index.ts";
import { makeKey } from "../../../src/issuer/keys/stored-key.ts";
import { createMint } from "../../../src/issuer/tokens/mint.ts";
import type { Policy } from "../../../src/policy/index.ts";
import { createRevocation, type PushParts, type Revocation } from "../../../src/revocation/index.ts";
import { createMemoryStore, type Store } from "../../../src/store/index.ts";
import { consoleTool } from "../../support/console-tool.ts";
import { type HeldClock, heldClock } from "../../support/held-clock.ts";
import { examples, mustLoad } from "../policy/kit.ts";

/** A client from the configuration, as small as one can be. */
export const tool: ConfiguredClient = {
  id: "tool",
  name: "Some tool",
  scopes: ["openid"],
  grants: ["device", "refresh"],
  redirectUris: [],
  postLogoutRedirectUris: [],
  dpop: "optional",
  deviceOrigin: "challenge",
  targets: [],
};

export const issuer = "https://login.example";
export const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const start = instant(1_800_000_000);
const stored = await makeKey("token", "active", heldClock(start));
/** One key for all: making one costs more than a test. */
export const keys = makeKeySet([stored], "token");
const usual = mustLoad(examples);

/** Somebody of customer A, with these groups. */
export function somebody(name: string, groups: readonly string[] = ["developers"], more: Partial<Person> = {}): Person {
  const claims: Claims = { sub: name, groups };
  return {
    sub: subjectId("https://kc.example", name, "customer-a" as TenantName),
    tenant: "customer-a" as TenantName,
    identityProvider: "customer-a-idp" as IdentityProviderAlias,
    realmIssuer: "https://kc.example",
    realmSubject: name,
    preferredUsername: name,
    email: `${name}@a.example`,
    emailVerified: true,
    amr: ["pwd"],
    authTime: start as Instant,
    claims,
    ...more,
  };
}

/** The issuer's routes on a memory store, without a network. */
export interface Kit {
  readonly parts: IssuerParts;
  readonly made: Issuer;
  /** With `push`: what tells clouds. */
  readonly revocation: Revocation | undefined;
  readonly clock: HeldClock;
  readonly store: Store;
  readonly events: AuditEntry[];
  /** What the realm says about a person (by grant = name) when it is asked again. */
  readonly relyingParty: { answers(grant: string): Promise<Result<Person, PageError>> };
  post(path: string, form: Record<string, string>, more?: Partial<Request>): Promise<Result<Reply>>;
  get(path: string, query?: Record<string, string>, more?: Partial<Request>): Promise<Result<Reply>>;
  signIn(person: Person): Promise<Session>;
}

export function kit(
  options: {
    policy?: Policy;
    clock?: HeldClock;
    wrap?: (store: Store) => Store;
    push?: PushParts;
    clients?: readonly ConfiguredClient[];
  } = {},
): Kit {
  const clock = options.clock ?? heldClock(start);
  const store = createMemoryStore({ clock, random: systemRandom });
  const events: AuditEntry[] = [];
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  const relyingParty = { answers: async (grant: string): Promise<Result<Person, PageError>> => ok(somebody(grant)) };
  const seen = options.wrap?.(store) ?? store;
  const sessions = createSessions(
    { store, seal, clock, random: systemRandom },
    { lifetime: seconds(28_800), idle: seconds(1_800), insecure: false },
  );
  const parts: IssuerParts = {
    issuer,
    times: {
      accessToken: seconds(600),
      login: seconds(43_200),
      deviceCode: seconds(300),
      interval: seconds(5),
      knownPerson: seconds(90 * 86_400),
    },
    store: seen,
    seal,
    clock,
    random: systemRandom,
    audit: createAudit(clock, (e) => events.push(e)),
    sessions,
    networks: createNetworks(),
    policy: options.policy ?? usual,
    keys: () => keys,
    relyingParty: { recheck: (grant) => relyingParty.answers(grant), forget: async () => undefined },
  };
  const revocation = options.push && createRevocation({ ...parts, mint: createMint(parts) }, options.push);
  const made = createIssuer({ ...parts, ...(revocation && { events: revocation }) }, [
    consoleTool,
    tool,
    ...(options.clients ?? []),
  ]);
  const routes = new Map(made.routes.map((r) => [`${r.method} ${r.path}`, r]));
  const call = async (method: string, path: string, query: Fields, form: Fields, more: Partial<Request>) => {
    const route = routes.get(`${method} ${path}`);
    if (!route) throw new Error(`no route ${method} ${path}`);
    const quiet = {
      authorization: undefined,
      dpop: undefined,
      address: "198.51.100.1",
      userAgent: "test",
      language: "en" as const,
      session: undefined,
      params: new Map(),
      json: undefined,
    };
    return route.handle({ id: "r", method, path, query, form, cookie: () => undefined, ...quiet, ...more });
  };
  return {
    parts,
    made,
    revocation,
    clock,
    store,
    events,
    relyingParty,
    post: (path, form, more = {}) => call("POST", path, new Map(), new Map(Object.entries(form)), more),
    get: (path, query = {}, more = {}) => call("GET", path, new Map(Object.entries(query)), new Map(), more),
    signIn: async (person) => (await sessions.start(person, person.realmSubject)).session,
  };
}

/** JSON body of a success, or the code of a refusal. */
export function told(result: Result<Reply>): Record<string, unknown> & { refused?: string } {
  if (!result.ok) return { refused: result.refusal.code };
  return result.value.kind === "json" ? (result.value.body as Record<string, unknown>) : { kind: result.value.kind };
}

/** Starts a device login. */
export async function begin(
  k: Kit,
  form: Record<string, string> = { client_id: "console-tool", scope: "openid offline_access" },
) {
  const body = told(await k.post("/device_authorization", form));
  if (body.refused) throw new Error(body.refused);
  return { deviceCode: String(body["device_code"]), userCode: String(body["user_code"]), body };
}

/** Enters a code; answers the handle, or the refusal's code. */
export async function enter(
  k: Kit,
  session: Session,
  userCode: string,
): Promise<{ handle?: string; refused?: string }> {
  const form_token = k.parts.sessions.formToken(session, "device enter", "");
  const answer = await k.post("/device", { form_token, user_code: userCode }, { session });
  if (!answer.ok) return { refused: answer.refusal.code };
  const location = answer.value.kind === "redirect" ? answer.value.location : "";
  return { handle: new URL(location, issuer).searchParams.get("flow") ?? "" };
}

/** Approves or denies; answers the refusal's code, if any. */
export async function decide(
  k: Kit,
  session: Session,
  handle: string,
  decision: string,
  afar: { tail?: string; address?: string } = {},
): Promise<string | undefined> {
  const form_token = k.parts.sessions.formToken(session, "device confirm", handle);
  const { tail, address = "198.51.100.1" } = afar;
  const form = { form_token, flow: handle, decision, ...(tail !== undefined && { tail }) };
  const answer = await k.post("/device/confirm", form, { session, address });
  if (!answer.ok) return answer.refusal.code;
  // A missing or wrong end of the code is asked for again on the same page.
  return answer.value.kind === "page" ? "asked again" : undefined;
}

/** A whole device login; answers the tokens. */
export async function logIn(k: Kit, person: Person, form?: Record<string, string>) {
  const { deviceCode, userCode } = await begin(k, form);
  const session = await k.signIn(person);
  const { handle = "" } = await enter(k, session, userCode);
  const refused = await decide(k, session, handle, "approve");
  if (refused) throw new Error(refused);
  const client_id = form?.["client_id"] ?? "console-tool";
  return told(await k.post("/token", { grant_type: deviceGrant, client_id, device_code: deviceCode }));
}
