import { type Check, isAnything, isFlag, isNumber, isText, only, optional, recordOf, shape } from "../../shape.ts";

/** The client id of this command at every broker. */
export const clientId = "cloudpass";

/** An access token and its end on this machine's clock, in seconds. */
export interface Access {
  readonly token: string;
  /** Seconds since the epoch on this machine's clock: when it was asked for, plus its life. */
  readonly expiresAt: number;
  /** True when it is good only together with a proof of the login's key (RFC 9449). */
  readonly bound?: boolean | undefined;
}

/**
 * The key of one login, P-256 (RFC 9449): whoever copies the refresh token without it has nothing. Kept beside the tokens,
 * in the same private file, so it does not help against who can read that file.
 */
export interface ProofKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

/** One login, as kept on disk. */
export interface Login {
  readonly version: 1;
  readonly issuer: string;
  readonly clientId: string;
  readonly refreshToken: string;
  /** The key that the refresh token is bound to, if any. */
  readonly proofKey?: ProofKey | undefined;
  /** When the refresh token ends, if the issuer said so. */
  readonly endsAt?: number | undefined;
  readonly loggedInAt: number;
  /** Claims of the ID token, for display. */
  readonly person: Readonly<Record<string, unknown>>;
  /** Access tokens by resource; "" is the issuer itself. */
  readonly access: Readonly<Record<string, Access>>;
}

/** A login whose refresh token and key are sealed with a key that lies in the system's key ring. */
export interface SealedLogin extends Omit<Login, "version" | "refreshToken" | "proofKey"> {
  readonly version: 2;
  /** The name of the key in the key ring. */
  readonly keyName: string;
  /** AES-256-GCM in base64url: nonce, text, mark. */
  readonly sealed: string;
}

/** A login as its file has it. */
export type KeptLogin = Login | SealedLogin;

/** True for a private P-256 key as it is kept. */
export const isProofKey: Check<ProofKey> = shape<ProofKey>({
  kty: only("EC"),
  crv: only("P-256"),
  x: isText,
  y: isText,
  d: isText,
});

const common = {
  issuer: isText,
  clientId: isText,
  endsAt: optional(isNumber),
  loggedInAt: isNumber,
  person: recordOf(isAnything),
  access: recordOf(shape<Access>({ token: isText, expiresAt: isNumber, bound: optional(isFlag) })),
};
const secrets = { refreshToken: isText, proofKey: optional(isProofKey) };

const isLogin: Check<Login> = shape<Login>({ version: only(1), ...common, ...secrets });
const isSealed: Check<SealedLogin> = shape<SealedLogin>({
  version: only(2),
  ...common,
  keyName: isText,
  sealed: isText,
});

/** The login that a file holds; `undefined` when it holds something else. */
export function parseLogin(text: string): KeptLogin | undefined {
  const kept = jsonOrUndefined(text);
  return isLogin(kept) || isSealed(kept) ? kept : undefined;
}

/** What of a login must not be known to others. */
type Secrets = Pick<Login, "refreshToken" | "proofKey">;
const areSecrets: Check<Secrets> = shape<Secrets>(secrets);

/** The secrets of a login that a text holds; `undefined` when it holds something else. */
export function parseSecrets(text: string): Secrets | undefined {
  const kept = jsonOrUndefined(text);
  return areSecrets(kept) ? kept : undefined;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // damaged: it counts as no login
  }
}
