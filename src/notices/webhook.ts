import { createHmac } from "node:crypto";
import { type Instant, isoTime, type Secret } from "../core/index.ts";
import { type FetchRules, makeGuardedFetch } from "../http-client/index.ts";
import type { Delivery, WebhookOptions } from "./deps.ts";

/** One call: `id` is the same for each try, so that a receiver can tell a repetition. */
interface WebhookCall {
  readonly id: string;
  readonly at: Instant;
  readonly body: string;
}

/** Calls a webhook. Never throws. */
export type CallWebhook = (webhook: WebhookOptions, call: WebhookCall) => Promise<Delivery>;

const timeoutMs = 15_000;
const anything = /^/;
/** Every other answer of the 2xx than 200. */
const taken = [201, 202, 203, 204, 205, 206];
const gone = 410;

/**
 * Makes the way to webhooks: by POST, signed in the manner of Standard Webhooks 1.0, to public addresses and those that the
 * operator allows, without redirects.
 */
export function createWebhookCall(rules: FetchRules): CallWebhook {
  const ask = makeGuardedFetch({ timeoutMs, maxBytes: 16 * 1024, ...rules });
  return async ({ url, secret }, { id, at, body }) => {
    const headers = {
      "webhook-id": id,
      "webhook-timestamp": String(at),
      "webhook-signature": signatureOf(secret, `${id}.${at}.${body}`),
    };
    const asked = await ask(url, { headers, json: body, statuses: taken, mediaTypes: anything });
    if (asked.ok) return { outcome: "delivered" };
    const { code, status, message } = asked.refusal;
    // Its status was said; we need nothing of a long answer.
    if (code === "size") return { outcome: "delivered" };
    if (status === gone) return { outcome: "refused", detail: "the webhook answers 410: it is gone" };
    return { outcome: "later", detail: message, away: true };
  };
}

/** What a webhook is told (Standard Webhooks, "payload structure"). */
export const webhookBody = (type: string, data: Readonly<Record<string, string>>, at: Instant): string =>
  JSON.stringify({ type, timestamp: isoTime(at), data });

const signatureOf = (secret: Secret, text: string): string =>
  `v1,${createHmac("sha256", keyOf(secret)).update(text).digest("base64")}`;

/** `whsec_` and the key in base64. */
const keyOf = (secret: Secret): Buffer => Buffer.from(secret.reveal().slice("whsec_".length), "base64");
