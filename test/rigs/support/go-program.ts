import { join } from "node:path";
import { acquire } from "./acquire.ts";
import { GO_FLAGS, GO_SETTINGS, goVersion, readAll } from "./go-build.ts";

/** Builds a program of ours around a released Go module once: `main.go`, `go.mod` and `go.sum` of a folder. */
export async function goProgram(name: string, folder: string): Promise<string> {
  const made = await acquire({
    name,
    inputs: [await goVersion(folder, name), ...GO_FLAGS, ...readAll(folder, ["go.mod", "go.sum", "main.go"])],
    build: async (into, step) => {
      await step("go", ["build", ...GO_FLAGS, "-o", join(into, name), "."], { cwd: folder, env: GO_SETTINGS });
    },
  });
  return join(made, name);
}

/** The version of a module that a folder's `go.mod` pins. */
export function pinnedVersion(folder: string, module: string): string {
  const [text = ""] = readAll(folder, ["go.mod"]);
  const line = text.split("\n").find((one) => one.includes(`${module} v`));
  return /v[\d.]+/.exec(line?.split(" ").at(-1) ?? "")?.[0] ?? "not pinned";
}
