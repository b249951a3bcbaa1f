import { type Seconds, seconds } from "./ids.ts";

/**
 * No access or ID token lives longer, whatever is configured: rights vanish within this time without any push (decision
 * 0006). Keys are published as long after their last signature, and an API server lets nothing in that claims more.
 */
export const longestAccessToken: Seconds = seconds(15 * 60);

/** Time a person has to sign in and decide when a program sends the browser; the program waits as long for the answer. */
export const authorizationRequestLife: Seconds = seconds(15 * 60);

/** What destroys is done by somebody who proved within this time who it is: whoever sits down at an open browser does not. */
export const freshSignIn: Seconds = seconds(15 * 60);

/** Clocks of instances, identity providers, clouds and clusters are at most this far apart. */
export const clockSkew: Seconds = seconds(60);
