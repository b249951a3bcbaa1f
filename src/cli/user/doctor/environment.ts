import { plain } from "../../failure.ts";
import { overridesCloud } from "../clouds-yaml.ts";
import type { Examination } from "./examination.ts";

/** What this shell would do to the commands that are typed in it. */
export function examineEnvironment({ findings, terminal }: Examination): void {
  const { env } = terminal;
  const overriding = Object.keys(env).filter(overridesCloud);
  if (overriding.length > 0)
    findings.warn(
      "environment",
      `${overriding.map(plain).join(", ")} of another login come before clouds.yaml`,
      `run: unset ${overriding.map(plain).join(" ")}`,
    );
}
