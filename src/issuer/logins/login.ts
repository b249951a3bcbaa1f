import {
  type Instant,
  instant,
  type LoginId,
  type MintedName,
  type Person,
  type Seconds,
  seconds,
  type TargetName,
  token,
} from "../../core/index.ts";
import type { LoginMethod } from "../../policy/index.ts";
import { type Creation, defineKind, storedPerson, type Tag } from "../../store/index.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import type { Origin } from "../device/origin.ts";
import { type Behind, storedBehind } from "./behind.ts";

/** How a login came about; refresh and exchange keep it (S-12). */
export type { LoginMethod } from "../../policy/index.ts";

/** All that hangs on one confirmed login. Gone = revoked or over; nothing derived from it is honoured then. */
export interface Login {
  readonly state: "live";
  readonly client: string;
  readonly scope: readonly string[];
  readonly loginMethod: LoginMethod;
  readonly person: Person;
  readonly behind: Behind;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  /** Thumbprint of the key that the refresh tokens are bound to (RFC 9449 section 5). */
  readonly jkt?: string;
  /** The program that asked, as far as the network says: for the person's own list of logins. */
  readonly origin?: Origin;
  readonly refreshedAt?: Instant;
  /** The one target the login named when it began, and was confirmed for; absent: every target the person may reach. */
  readonly target?: TargetName;
}

export const loginKind = defineKind<Login>()(
  "family",
  [
    "state",
    "client",
    "scope",
    "loginMethod",
    "person",
    "behind",
    "startedAt",
    "expiresAt",
    "jkt",
    "origin",
    "refreshedAt",
    "target",
  ],
  {
    stored: {
      person: { form: storedPerson },
      behind: { name: "upstreamGrant", form: storedBehind },
      loginMethod: { name: "flow" },
    },
    subject: ({ person, startedAt }) => ({ person, began: startedAt }),
  },
);

/**
 * What binds a new login's refresh tokens to a key: a public client has nothing else that a thief lacks; a confidential
 * one proves itself at each refresh anyway (RFC 9449 section 5).
 */
const bindingOf = (client: Client, jkt: string | undefined): Pick<Login, "jkt"> =>
  client.authentication.kind === "none" && jkt !== undefined ? { jkt } : {};

/** A refresh token as the store knows it: `rotated` once it was used, `replayed` once its successor was handed out again. */
export interface RefreshRecord {
  readonly state: "current" | "rotated" | "replayed";
  readonly login: LoginId;
  readonly client: string;
  readonly rotatedAt?: Instant;
}

export const refreshKind = defineKind<RefreshRecord>()("refresh", ["state", "login", "client", "rotatedAt"], {
  stored: { login: { name: "family" } },
});

/** Store id of a refresh token. */
export const refreshId = (deps: Pick<IssuerDeps, "seal">, token: string): string => deps.seal.hash("refresh", token);

/** The record of a new refresh token, to be made in the same step as what led to it. */
export function refreshCreation(
  deps: Pick<IssuerDeps, "seal" | "clock">,
  token: string,
  id: LoginId,
  login: Login,
): Creation<RefreshRecord> {
  return {
    kind: refreshKind,
    id: refreshId(deps, token),
    value: { state: "current", login: id, client: login.client },
    ttl: remaining(deps, login),
    tags: tagsOf(id, login),
  };
}

/** What ends a login: itself, its person, and the sign-in it came of (a robot has none). */
const tagsOf = (id: LoginId, { person, behind }: Login): Tag[] => [
  { kind: "login", id },
  { kind: "person", sub: person.sub },
  ...(behind.kind === "robot" ? [] : [behind]),
];

/** The record of a new login, to be made in the same step as what led to it. It ends with itself, and with its person. */
export const loginCreation = (deps: Pick<IssuerDeps, "clock">, id: LoginId, login: Login): Creation<Login> => ({
  kind: loginKind,
  id,
  value: login,
  ttl: remaining(deps, login),
  tags: tagsOf(id, login),
});

/** A login that is about to begin, with its first refresh token if it may have one. */
interface NewLogin {
  readonly id: LoginId;
  readonly login: Login;
  readonly refreshToken: string | undefined;
  /** Its records, to be made in the same step as what led to it. */
  readonly create: readonly Creation[];
}

/** What a person confirmed becomes a login of the client that redeems it, now. */
export function newLogin(
  deps: Pick<IssuerDeps, "seal" | "clock" | "random" | "times">,
  client: Client,
  jkt: string | undefined,
  confirmed: Omit<Login, "state" | "startedAt" | "expiresAt" | "jkt" | "refreshedAt">,
): NewLogin {
  const now = deps.clock.now();
  const id = token(deps.random, 16) as LoginId;
  const lifetime = { startedAt: now, expiresAt: instant(now + deps.times.login) };
  const login: Login = { state: "live", ...confirmed, ...lifetime, ...bindingOf(client, jkt) };
  const started = { id, login, create: [loginCreation(deps, id, login)] };
  if (!login.scope.includes("offline_access")) return { ...started, refreshToken: undefined };
  const refreshToken = token(deps.random);
  return { ...started, refreshToken, create: [...started.create, refreshCreation(deps, refreshToken, id, login)] };
}

/** Seconds until the login ends, at least one. */
export const remaining = (deps: Pick<IssuerDeps, "clock">, login: Login): Seconds =>
  seconds(Math.max(1, login.expiresAt - deps.clock.now()));

/** Rights of the login's person on one audience, decided now. */
export interface Rights {
  readonly audience: string;
  readonly groups: readonly MintedName[];
  /** End of the earliest window among the rights, if any: no token outlives it. */
  readonly until?: Instant;
}
