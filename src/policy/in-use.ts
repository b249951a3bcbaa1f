import type { Policy } from "./model.ts";

/** A policy that changes under those who hold it. */
export interface PolicyInUse {
  /** Always answers as the latest one. Who needs several answers of one and the same policy asks `current`. */
  readonly policy: Policy;
  current(): Policy;
  /** From now on this one. Answers whether it means anything else than the one before. */
  replace(next: Policy): boolean;
}

/** Wraps a policy so that it can be replaced while the broker runs. */
export function policyInUse(first: Policy): PolicyInUse {
  let now = first;
  // Whatever a policy has or comes to have is read from the latest one.
  const policy = new Proxy(first, { get: (_, key) => Reflect.get(now, key) });
  return {
    policy,
    current: () => now,
    replace: (next) => {
      const differs = next.digest !== now.digest;
      now = next;
      return differs;
    },
  };
}
