import type { LocatedRealm } from "../model.ts";
import type { Report } from "./report.ts";

/** With a broker, claims of an identity provider are written by nobody else (S-36), no workflow either. */
export function checkWorkflows({ data, document }: LocatedRealm, report: Report): void {
  if (data.broker === undefined) return;
  for (const [name, { steps }] of Object.entries(data.workflows)) {
    for (const [i, step] of steps.entries()) {
      const claim = Object.keys(step.with ?? {}).find((one) => one.startsWith("upstream"));
      if (claim === undefined) continue;
      const place = { document, path: ["workflows", name, "steps", i, "with", claim] };
      const message = `"${claim}" is what an identity provider said of the person, and nobody else writes it`;
      report.wrong(place, message, "choose another attribute");
    }
  }
}
