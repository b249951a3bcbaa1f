import { expect, test } from "vitest";
import { formatReport } from "../../../src/cli/operator/format-report.ts";
import { makeFindings } from "../../../src/core/index.ts";

/** Half of a small screen. */
const screen = { columns: 60 };

function report() {
  const findings = makeFindings();
  findings.ok("release", "is known");
  for (const id of ["CVE-1", "CVE-2", "CVE-3"]) findings.undecided(id, "may be", `look ${id} up`);
  findings.fail("front", "lets everybody in", "close it");
  return { about: "cloud gx1", findings: findings.list };
}

test("what nobody can tell from outside is one line, and hides nothing of what was found", () => {
  expect(formatReport(report(), screen)).toEqual([
    "cloud gx1",
    "  ok    release: is known",
    "  warn  advisories: 3 cannot be told from outside: CVE-1,",
    "        CVE-2, CVE-3",
    "        → see what each asks for by the same command with --all",
    "  fail  front: lets everybody in",
    "        → close it",
    "1 ok, 1 to think about, 1 wrong",
  ]);
});

test("whoever asks for all of it gets each by itself", () => {
  const lines = formatReport(report(), { ...screen, whole: true });
  expect(lines).toContain("  warn  CVE-2: may be");
  expect(lines.at(-1)).toBe("1 ok, 3 to think about, 1 wrong");
});
