import { join } from "node:path";
import { acquire } from "../support/acquire.ts";
import { GO_FLAGS, GO_SETTINGS, goVersion, readAll } from "../support/go-build.ts";

const folder = import.meta.dirname;

/** The version of golang.org/x/oauth2 that go.mod pins. */
export const XOAUTH2_VERSION =
  /golang\.org\/x\/oauth2 (v[\d.]+)/.exec(readAll(folder, ["go.mod"]).join())?.[1] ?? "not pinned";

/** Builds the small program around golang.org/x/oauth2 once; see `main.go` for its arguments. */
export async function xoauth2(): Promise<string> {
  const made = await acquire({
    name: "xoauth2",
    inputs: [await goVersion(folder, "xoauth2"), ...GO_FLAGS, ...readAll(folder, ["go.mod", "go.sum", "main.go"])],
    build: async (into, step) => {
      await step("go", ["build", ...GO_FLAGS, "-o", join(into, "xoauth2"), "."], { cwd: folder, env: GO_SETTINGS });
    },
  });
  return join(made, "xoauth2");
}
