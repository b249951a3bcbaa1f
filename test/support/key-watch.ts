import { decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { federatedLogin } from "./keystone-token.ts";
import type { RealStack } from "./real-stack.ts";

/** Who checks our tokens by `/jwks`, each with its own idea of how long to keep it. */
export const watchers = ["kube-apiserver", "Apache"] as const;

/** One of them. */
export type Watcher = (typeof watchers)[number];

/** One access token for each watcher, of the same login and of the same key. */
export type TokenPair = Readonly<Record<Watcher, string>>;

/** What a watcher says of a token: its HTTP status. A token that is let in gets 201 from both. */
export type Verdicts = Readonly<Record<Watcher, number>>;

/** The id of the key that signed a token. */
export const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? "";

/** The ids of the keys that the issuer publishes. */
export async function publishedKids(issuer: string): Promise<string[]> {
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as JSONWebKeySet;
  return keys.map((key) => key.kid ?? "");
}

/** Shows a watcher a token of a person of customer A. */
export async function show(stack: RealStack, watcher: Watcher, tokens: TokenPair): Promise<number> {
  const token = tokens[watcher];
  if (watcher === "Apache") return (await federatedLogin(stack.clouds.gx1.url, "cloudpass-customer-a", token)).status;
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const answer = await fetch(`${stack.cluster.server}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }),
  });
  await answer.body?.cancel();
  return answer.status;
}

/** Shows both a token. */
export async function showBoth(stack: RealStack, tokens: TokenPair): Promise<Verdicts> {
  const [apiserver, apache] = await Promise.all(watchers.map((watcher) => show(stack, watcher, tokens)));
  return { "kube-apiserver": apiserver ?? 0, Apache: apache ?? 0 };
}
