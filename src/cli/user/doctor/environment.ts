import { plain } from "../../failure.ts";
import { overridesCloud } from "../private-clouds.ts";
import type { Examination } from "./examination.ts";

/** They choose a file and an entry, as `cloudpass env` does; they override none. */
const choosing = ["OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLOUD"];

/** What this shell would do to the commands that are typed in it. */
export function examineEnvironment({ findings, terminal }: Examination): void {
  const { env } = terminal;
  const overriding = Object.keys(env).filter((name) => overridesCloud(name) && !choosing.includes(name));
  if (overriding.length > 0)
    findings.warn(
      "environment",
      `${overriding.map(plain).join(", ")} of another login come before clouds.yaml`,
      `run: unset ${overriding.map(plain).join(" ")}`,
    );
}
