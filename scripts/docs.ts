import { mkdirSync, writeFileSync } from "node:fs";
import { auditReference } from "../src/audit/index.ts";
import { configurationReference } from "../src/config/index.ts";
import { writeClientsPage } from "./clients-page.ts";

// Writes the generated pages of docs/reference. `test/unit/config` and `test/unit/audit` say whether they are current.
// With the word "clients": the page of real clients, too, from a run of them all, which takes some minutes.

const folder = new URL("../docs/reference/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("configuration.md", folder), configurationReference());
writeFileSync(new URL("audit-events.md", folder), auditReference());
console.log("docs/reference: configuration.md and audit-events.md written");
if (process.argv[2] === "clients") process.exitCode = writeClientsPage();
