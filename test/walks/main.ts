import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Scripted walks through the product on real servers; each ends with exit code 0 only when all of it held. */
const walks: Readonly<Record<string, readonly string[]>> = {
  backbone: ["demo/main.ts", "--real", "--yes"],
};

const name = process.argv[2] ?? "";
const args = walks[name];
if (!args) {
  console.error(`npm run walk -- NAME, where NAME is one of: ${Object.keys(walks).join(", ")}`);
  process.exitCode = 2;
} else {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  spawn(process.execPath, args, { cwd: root, stdio: "inherit" }).on("close", (code) => {
    process.exitCode = code ?? 1;
  });
}
