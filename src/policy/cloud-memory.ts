import { type Seconds, seconds } from "../core/index.ts";
import type { CloudTarget } from "./model.ts";

/** Keystone's `[token] expiration`, as it is if nobody has changed it. Its API does not tell. */
const keystoneToken = 3600;
/** `[cache] expiration_time`, as it is: roles computed from a membership are honoured that long after it has ended. */
const keystoneCache = 600;

/**
 * How long a cloud may honour what came of one federated login: tokens of its own, and memberships from which application
 * credentials live.
 */
export const cloudMemory = ({ authorizationTtl }: CloudTarget): Seconds =>
  seconds(Math.max(keystoneToken, authorizationTtl + keystoneCache));
