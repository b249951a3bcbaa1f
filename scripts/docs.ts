import { mkdirSync, writeFileSync } from "node:fs";
import { auditReference } from "../src/audit/index.ts";
import { commandsPage } from "../src/cli/reference/page.ts";
import { programFacts } from "../src/cli/reference/program.ts";
import { configurationReference } from "../src/config/index.ts";
import { policyFilesReference } from "../src/policy/index.ts";
import { realmFilesReference } from "../src/realms/index.ts";
import { oraclePage } from "../test/oracle/page.ts";
import { corpusPage } from "../test/realms-corpus/page.ts";
import { standardsPage } from "../test/support/standards-page.ts";
import { writeClientsPage } from "./clients-page.ts";

// Writes the generated pages of docs/reference. `test/unit` and `test/house` say whether they are current.
// With the word "clients": the page of real clients, too, from a run of them all, which takes some minutes.

const folder = new URL("../docs/reference/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("configuration.md", folder), configurationReference());
writeFileSync(new URL("commands.md", folder), commandsPage(await programFacts()));
writeFileSync(new URL("audit-events.md", folder), auditReference());
writeFileSync(new URL("policy-files.md", folder), policyFilesReference());
writeFileSync(new URL("realm-files.md", folder), `${realmFilesReference()}\n${corpusPage()}`);
writeFileSync(new URL("standards.md", folder), await standardsPage());
writeFileSync(new URL("oracle.md", folder), oraclePage());
console.log(
  "docs/reference: configuration.md, commands.md, audit-events.md, oracle.md, policy-files.md, realm-files.md and standards.md written",
);
if (process.argv[2] === "clients") process.exitCode = writeClientsPage();
