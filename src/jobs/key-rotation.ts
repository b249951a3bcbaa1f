import type { Audit } from "../audit/index.ts";
import type { Clock, Seconds } from "../core/index.ts";
import type { Log } from "../http/index.ts";
import { type KeyHome, rotateIfDue } from "../issuer/index.ts";
import type { Job } from "./job.ts";

/** What rotating keys takes. */
interface KeyRotationParts {
  readonly home: KeyHome;
  readonly clock: Pick<Clock, "now">;
  readonly audit: Audit;
  readonly log: Log;
}

/** Rotates the keys that have signed for `age`. A failure is told and tried again: the keys in use are good. */
export function keyRotation(age: Seconds, parts: KeyRotationParts): Job {
  const { audit, log } = parts;
  const rotate = async () => {
    audit.check();
    const made = await rotateIfDue(parts, age);
    if (made.length === 0) return;
    audit.record("keys.rotated", { kids: made.map((k) => k.kid), detail: "they were due" });
    log.info({ kids: made.map((k) => k.kid) }, "new signing keys were published; they sign in a few minutes");
  };
  return {
    name: "key rotation",
    every: 60_000,
    leased: "job:key-rotation",
    first: "after a pause",
    run: () =>
      rotate().catch((problem: unknown) => {
        log.error({ err: problem }, "the signing keys are due, and could not be rotated");
      }),
  };
}
