import { describe, expect, it } from "vitest";
import type { TargetName } from "../../../src/core/index.ts";
import { formatWorstCase, worstCase } from "../../../src/targets/index.ts";
import { examples, mustLoad } from "../policy/kit.ts";

const targetOf = (name: string, ttl = "60m") => {
  const files = examples.map(({ file, text }) => ({ file, text: text.replaceAll("60m", ttl) }));
  const target = mustLoad(files).targets.get(name as TargetName);
  if (target === undefined || target.kind === "console") throw new Error("no such target");
  return target;
};

describe("how long a lost right may still be honoured without a push", () => {
  it("on a cluster one access token's life and what its API server remembers, on a cloud a membership's life and what Keystone remembers", () => {
    expect([worstCase(targetOf("prod1")), worstCase(targetOf("gx1"))]).toEqual([910, 5100]);
  });

  it("on a cloud whose memberships are short, a Keystone token's life", () => {
    expect(worstCase(targetOf("gx1", "240m"))).toBe(15_900);
    expect(worstCase(targetOf("gx1", "5m"))).toBe(4500);
  });

  it("is said in seconds and minutes", () => {
    expect(formatWorstCase(targetOf("gx1"))).toBe(
      "cloud gx1: a right lost at the identity provider is honoured 5100 s (85 min) more at most, with Keystone's tokens of one hour; a broker's push and people revoke are quicker",
    );
    expect(formatWorstCase(targetOf("prod1"))).toMatch(
      / s \(16 min\) more at most; nothing but its own end ends a token there$/,
    );
  });
});
