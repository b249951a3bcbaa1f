import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { wapiti } from "../rigs/index.ts";
import { acceptedOfPages, reasonFor } from "./accepted.ts";
import { runTool, type Scanned } from "./run-tool.ts";
import { managersCookie, startScannedBroker } from "./scanned-broker.ts";

/** Attacks that need nothing outside this machine. */
const modules =
  "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,timesql,xss";

/** Fewer pages than these, and the tool was not signed in. */
const fewestPages = 10;

const byCategory = z.record(z.string(), z.array(z.object({ path: z.string(), info: z.string() })));
const report = z.object({
  vulnerabilities: byCategory,
  anomalies: byCategory,
  additionals: byCategory,
  infos: z.object({ crawled_pages_nbr: z.number() }),
});

/** Follows the console's links and forms as a manager who is signed in, and attacks what it finds. */
export async function scanPages(folder: string, seconds: number): Promise<Scanned> {
  const { program, version } = await wapiti();
  const broker = await startScannedBroker();
  try {
    const { issuer } = broker;
    const file = join(folder, "pages.json");
    const leaves = ["/account/end", "/end_session", "/login"].flatMap((path) => ["--exclude", `${issuer}${path}*`]);
    const { output } = await runTool(
      program,
      [
        ...["--url", `${issuer}/console`, "--start", `${issuer}/account`, "--scope", "domain", ...leaves],
        ...["--header", `Cookie: ${await managersCookie(broker)}`, "--module", modules],
        ...["--max-scan-time", String(Math.ceil(seconds / 3)), "--max-attack-time", String(Math.ceil(seconds / 15))],
        ...["--depth", "6", "--max-files-per-dir", "30", "--flush-session", "--no-bugreport"],
        ...["--store-session", join(folder, "session"), "--store-config", join(folder, "config")],
        ...["--format", "json", "--output", file],
      ],
      { folder, seconds: seconds + 120 },
    );
    const { infos, ...categories } = report.parse(JSON.parse(await readFile(file, "utf8")));
    const found = Object.values(categories).flatMap((category) =>
      Object.entries(category).flatMap(([finding, all]) => all.map(({ path, info }) => ({ finding, at: path, info }))),
    );
    const findings = found.filter(({ finding, at }) => reasonFor(acceptedOfPages, finding, at) === undefined);
    const pages = infos.crawled_pages_nbr;
    return {
      summary: `${version}: ${pages} pages`,
      findings: [
        ...findings.map(({ finding, at, info }) => `${at}: ${finding}: ${info}`),
        ...(pages < fewestPages ? [`only ${pages} pages were found: the tool is not signed in`] : []),
      ],
      output,
      lines: broker.lines,
    };
  } finally {
    await broker.stop();
  }
}
