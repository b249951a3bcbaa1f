import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clientsPage, type Report } from "../test/support/clients-page.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs the matrix of real clients and writes docs/reference/clients.md, if all of it passed. Answers the exit code. */
export function writeClientsPage(): number {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-clients-page-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = ["run", "--project", "e2e", "test/e2e/clients", ...reporters];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { status } = spawnSync(process.execPath, [vitest, ...args], { cwd: root, stdio: "inherit" });
  if (status === 0) {
    const page = clientsPage(JSON.parse(readFileSync(report, "utf8")) as Report);
    writeFileSync(join(root, "docs/reference/clients.md"), page);
    console.log("docs/reference: clients.md written");
  } else console.error("docs/reference/clients.md is as it was: not every client passed");
  rmSync(folder, { recursive: true });
  return status ?? 1;
}
