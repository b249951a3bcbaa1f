import { mkdirSync, writeFileSync } from "node:fs";
import { configurationReference } from "../src/config/index.ts";

// Writes the generated pages of docs/reference. `test/unit/config` says whether they are current.

const folder = new URL("../docs/reference/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("configuration.md", folder), configurationReference());
console.log("docs/reference/configuration.md written");
