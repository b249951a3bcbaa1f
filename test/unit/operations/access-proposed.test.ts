import { expect, it } from "vitest";
import { stateOf } from "../../../src/cli/user/access/format-request.ts";
import { requestParts } from "../../../src/console/pages/request-parts.ts";
import { instant, seconds, type TargetName } from "../../../src/core/index.ts";
import type { ShownRequest } from "../../../src/operations/index.ts";

const now = instant(1_800_000_000);
const request = {
  ...{ id: "request-0123456789abcdef0123", state: "approved", set: "auditor", at: ["gx1" as TargetName] },
  ...{ length: seconds(3600), reason: "the books", askedAt: now, waitsUntil: now, proposed: true },
} as unknown as ShownRequest;

it("the page and the command say of an approval that was only proposed that it is not in use", () => {
  expect(requestParts("en", request, now).text).toContain("approved; proposed, not in use until merged");
  expect(requestParts("de", request, now).text).toContain("genehmigt; vorgeschlagen");
  const answer = {
    ...{ id: request.id, state: "approved", set: "auditor", at: ["gx1"], for: "1h", reason: "the books" },
  };
  expect(stateOf({ ...answer, asked_at: "", waits_until: "", proposed: true })).toBe(
    "approved; proposed, not in use until merged",
  );
});
