import { clockSkew, longestAccessToken, type Seconds, seconds } from "../../core/index.ts";

/*
 * How the lives of keys, tokens and caches depend on each other (S-67). A key is published before it signs and after,
 * for long enough that whoever checks a token has the key, whatever it keeps and however wrong its clock is.
 */

/**
 * JWKS may be kept this long. kube-apiserver refuses a new key until `max-age` - 30 s have passed and never looks again
 * before, so it is short; without it every unknown `kid` would cost us a request.
 */
export const jwksLifetime = seconds(60);

/** A new key is published this long before it signs: two lives of a kept JWKS, even for an instance whose clock is ahead. */
export const publishBefore: Seconds = seconds(2 * jwksLifetime + clockSkew);

/** A key is published this long after it signed last: until its last token is over, even for who has a slow clock. */
export const publishAfter: Seconds = seconds(longestAccessToken + clockSkew);

/** Instances look for a changed key set this often: well within the margin for clocks. */
export const lookAgain = seconds(5);

/** A key set that could not be read for this long is not used any more: an emergency elsewhere would go unnoticed. */
export const trustedUnseen = seconds(60);
