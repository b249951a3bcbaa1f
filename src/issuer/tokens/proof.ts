import { createHash } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWK, jwtVerify } from "jose";
import {
  Bug,
  clockSkew,
  dateOf,
  err,
  Fault,
  type Instant,
  ok,
  type ProofError,
  type Result,
  refusal,
  sameText,
  seconds,
} from "../../core/index.ts";
import { proofAlgorithms } from "../../http/index.ts";
import { defineKind } from "../../store/index.ts";
import { costsOf } from "../clients/cost.ts";
import { algorithmFault } from "../clients/profile.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";

/** A proof may be this old, in seconds; the difference of the clocks comes on top. */
const age = 60;
/** A proof from a clock that is ahead stays acceptable for age + two skews: the guard against replay outlives that. */
const remembered = seconds(age + 2 * clockSkew + 60);
const longest = 4096;
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

const bad = (detail: string) =>
  err(refusal("invalid_dpop_proof", "the DPoP proof is not valid for this request", detail));

type Deps = Pick<IssuerDeps, "issuer" | "clock" | "store" | "seal" | "networks">;

/**
 * Proofs of public clients from one network: anybody may make them, and each is remembered for a while (S-56). Enough for
 * 5,000 logins that wait behind one address and poll every five seconds.
 */
export const proofsPerNetwork = { name: "proofs-by-network", limit: 60_000, window: seconds(60) } as const;

/** A proof that was used. */
interface UsedProof {
  readonly usedAt: Instant;
}

const usedKind = defineKind<UsedProof>()("used-proof", ["usedAt"]);

/** What a proof is brought for: a client's request, or an access token that is presented with it. */
type ProofFor = { readonly client: Client } | { readonly accessToken: string; readonly of: Client | undefined };

/** A proof as it arrives (RFC 9449 section 4.1): the header, and the request that it must be made for. */
export interface ArrivedProof {
  /** The DPoP header. */
  readonly dpop: string | undefined;
  readonly method: string;
  readonly path: string;
  /** Who sent it: charged for it. */
  readonly address: string;
}

/**
 * The proof of possession that a request brings (RFC 9449 section 4.3): thumbprint of the proven key, `undefined` when
 * there is no proof. With an access token the proof must be made for that very token (`ath`). Each proof is good once.
 */
export async function readProof(
  deps: Deps,
  arrived: ArrivedProof,
  of: ProofFor,
): Promise<Result<string | undefined, ProofError>> {
  const { dpop } = arrived;
  if (dpop === undefined) return ok(undefined);
  if (dpop.length > longest) return bad("too long");
  try {
    const { payload, protectedHeader } = await jwtVerify(dpop, EmbeddedJWK, {
      typ: "dpop+jwt",
      algorithms: [...proofAlgorithms],
      requiredClaims: ["jti", "htm", "htu"],
      maxTokenAge: age,
      clockTolerance: clockSkew,
      currentDate: dateOf(deps.clock.now()),
    });
    const forbidden = algorithmFault("client" in of ? of.client : of.of, protectedHeader.alg);
    if (forbidden) return bad(forbidden);
    const jwk = protectedHeader.jwk as JWK; // EmbeddedJWK has verified with it
    if (privateMembers.some((name) => Object.hasOwn(jwk, name))) return bad("the key is not only public");
    if (payload["htm"] !== arrived.method) return bad("htm is another method");
    if (!isAddress(payload["htu"], `${deps.issuer}${arrived.path}`)) return bad("htu is another address");
    if ("accessToken" in of && !isHashOf(payload["ath"], of.accessToken)) return bad("ath is of another token");
    const { jti } = payload;
    if (typeof jti !== "string" || jti === "" || jti.length > 256) return bad("jti is not a short text");
    const jkt = await calculateJwkThumbprint(jwk);
    return await useUp(deps, arrived, of, jkt, jti);
  } catch (error) {
    if (error instanceof errors.JOSEError) return bad(error.code);
    // A key that the platform's cryptography cannot take: it came from outside.
    if (error instanceof TypeError || error instanceof DOMException) return bad("the key cannot be used");
    throw error instanceof Fault ? error : new Bug("checking a proof", { cause: error });
  }
}

/** A proof is remembered and paid for in one step: polls bring one each. */
async function useUp(
  deps: Deps,
  { address }: ArrivedProof,
  of: ProofFor,
  jkt: string,
  jti: string,
): Promise<Result<string, ProofError>> {
  const costs = "client" in of ? costsOf(deps, of.client, proofsPerNetwork, address) : [];
  // With the key, so that nobody can use up another one's ids.
  const id = deps.seal.hash("dpop", `${jkt} ${jti}`);
  const put = await deps.store.put(usedKind, id, { usedAt: deps.clock.now() }, { ttl: remembered }, costs);
  if (put === "created") return ok(jkt);
  if (put !== "refused") return bad("the proof was used before");
  return err(refusal("too_many_requests", "too many proofs of keys come from your network: wait a minute"));
}

/**
 * The key that a code is to be bound to: proved by a DPoP header, or only `named` by `dpop_jkt` (RFC 9449 section 10). Both
 * together must agree.
 */
export async function readKey(
  deps: Deps,
  arrived: ArrivedProof,
  named: string | undefined,
  client: Client,
): Promise<Result<string | undefined, ProofError>> {
  const proven = await readProof(deps, arrived, { client });
  if (!proven.ok) return proven;
  if (named === undefined) return proven;
  if (!isThumbprint(named)) return err(refusal("invalid_request", "dpop_jkt is not a SHA-256 thumbprint"));
  if (proven.value !== undefined && proven.value !== named) return bad("dpop_jkt is another key");
  return ok(named);
}

/** True for the form of a SHA-256 thumbprint (RFC 7638). */
export const isThumbprint = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** The same address without its query and fragment, normalised as browsers do (RFC 9449 section 4.3, check 9). */
function isAddress(htu: unknown, address: string): boolean {
  if (typeof htu !== "string" || !URL.canParse(htu)) return false;
  const url = new URL(htu);
  url.search = url.hash = "";
  return url.href === new URL(address).href;
}

const isHashOf = (ath: unknown, accessToken: string): boolean =>
  typeof ath === "string" && sameText(ath, createHash("sha256").update(accessToken).digest("base64url"));
