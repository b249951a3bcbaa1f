import manifest from "../../package.json" with { type: "json" };
import { run } from "../../src/run.ts";

// Where the executable begins: what `src/main.ts` is for the package, with a Node that is known.
void run(process, { version: manifest.version, self: [process.execPath] });
