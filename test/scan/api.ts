import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { schemathesis } from "../rigs/index.ts";
import { acceptedOfApi, reasonFor } from "./accepted.ts";
import { runTool, type Scanned } from "./run-tool.ts";
import { managersToken, startScannedBroker } from "./scanned-broker.ts";

/** What we read of the tool's report. */
const report = z.object({
  operations: z.object({ total: z.number(), tested: z.number() }),
  test_cases: z.object({ generated: z.number() }),
  failures: z.array(z.object({ code: z.string(), title: z.string(), operations: z.array(z.string()) })),
  errors: z.array(z.object({ title: z.string() })),
});

/** Asks the console's API all that its document allows and forbids; the answers must be in the document, and no server error. */
export async function scanApi(folder: string, seconds: number): Promise<Scanned> {
  const { program, version } = await schemathesis();
  const broker = await startScannedBroker();
  try {
    const file = join(folder, "api.json");
    const { output } = await runTool(
      program,
      [
        ...[
          "run",
          `${broker.issuer}/api/v1/openapi.json`,
          "--header",
          `Authorization: Bearer ${await managersToken(broker)}`,
        ],
        ...["--max-time", String(seconds), "--workers", "2", "--continue-on-failure", "--no-color"],
        ...["--generation-database", "none", "--report-json-path", file],
      ],
      { folder, seconds: seconds + 120 },
    );
    const said = report.parse(JSON.parse(await readFile(file, "utf8")));
    const found = [
      ...said.failures.flatMap(({ code, title, operations }) => operations.map((at) => ({ finding: code, title, at }))),
      ...said.errors.map(({ title }) => ({ finding: title, title, at: "the tool" })),
    ];
    const findings = found.filter(({ finding, at }) => reasonFor(acceptedOfApi, finding, at) === undefined);
    return {
      summary: `${version}: ${said.test_cases.generated} calls of ${said.operations.tested} operations`,
      findings: [
        ...findings.map(({ finding, title, at }) => `${at}: ${finding} ${title}`),
        ...(said.operations.tested < said.operations.total ? ["not all operations were tested"] : []),
      ],
      output,
      lines: broker.lines,
    };
  } finally {
    await broker.stop();
  }
}
