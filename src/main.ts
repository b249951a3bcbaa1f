#!/usr/bin/env node
import { runCli } from "./cli/index.ts";

// The broker is only loaded by the commands that need it: `kube-credential` runs for every call of kubectl.
process.exitCode = await runCli(process.argv.slice(2), {
  serve: async (configFile) => (await import("./serve.ts")).serve(configFile, process),
  createKeys: async (file) => {
    const [{ createKeyFile }, { systemClock }] = await Promise.all([
      import("./issuer/index.ts"),
      import("./core/index.ts"),
    ]);
    await createKeyFile(file, systemClock);
  },
});
