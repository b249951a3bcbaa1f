import { type Path, suggest } from "../../../yaml/index.ts";
import { browserFlow, firstLoginFlow, membersFlow } from "../../markers.ts";
import type { StepEntry } from "../flows.ts";
import { authenticators, builtInFlows, requiredActions } from "../known.ts";
import { takesOver } from "../manage.ts";
import type { LocatedRealm } from "../model.ts";
import { bindings } from "../settings.ts";
import type { Place, Report } from "./report.ts";

/** Fields of the realm that bind a flow; others only sound like it (`accessTokenLifespanForImplicitFlow`). */
const boundBy: ReadonlySet<string> = new Set(Object.keys(bindings.shape).map((use) => `${use}Flow`));

/** Flows that are named and not there (Keycloak answers 500 and says nothing), and steps that nobody can do. */
export function checkFlows(realm: LocatedRealm, report: Report): void {
  const { data, document, documents } = realm;
  const known = [...Object.keys(data.flows), ...builtInFlows, firstLoginFlow, browserFlow, membersFlow];
  const flow = (alias: string | undefined, place: Place) => {
    if (alias === undefined || known.includes(alias)) return;
    report.wrong(place, `no flow "${alias}" in this realm`, suggest(alias, known));
  };
  for (const [use, alias] of Object.entries(data.bindings ?? {})) flow(alias, { document, path: ["bindings", use] });
  for (const field of Object.keys(data.settings.raw ?? {})) {
    if (!boundBy.has(field)) continue;
    const place = { document, path: ["settings", "raw", field] };
    report.wrong(place, "a flow is bound after it was made, apart from the settings", "write it under `bindings`");
  }
  // Keycloak knows flows within flows, and what steps are set up with, by their names alone, in all of a realm.
  const names: Names = { flows: new Set(Object.keys(data.flows)), configs: new Set() };
  for (const alias of Object.keys(data.requiredActions)) {
    const all = [...requiredActions, ...data.extensions.requiredActions];
    const fix = `${suggest(alias, all)} (one that a jar brings is named under extensions.requiredActions)`;
    const place = { document, path: ["requiredActions", alias] };
    if (!all.includes(alias)) report.wrong(place, `Keycloak has no required action "${alias}"`, fix, true);
  }
  for (const { document, data: part } of documents) {
    for (const [i, { flows }] of part.upstreams.entries()) {
      for (const [use, alias] of Object.entries(flows)) flow(alias, { document, path: ["upstreams", i, "flows", use] });
    }
    for (const [clientId, { flows }] of Object.entries(part.clients)) {
      for (const [use, alias] of Object.entries(flows ?? {}))
        flow(alias, { document, path: ["clients", clientId, "flows", use] });
    }
    for (const [alias, { steps }] of Object.entries(part.flows)) {
      const place = { document, path: ["flows", alias] };
      if (isTaken(alias, realm)) {
        report.wrong(
          place,
          `the flow "${alias}" is there already and cannot be changed`,
          "give yours another name",
          true,
        );
      }
      checkSteps(steps, { document, path: [...place.path, "steps"] }, names, data.extensions.authenticators, report);
    }
  }
}

/**
 * Keycloak's own flows may be said where a file takes over what it finds, and ours where nothing of the file relies on them:
 * both stand in files of realms that are there. With a broker ours keep customers apart.
 */
function isTaken(alias: string, { data }: LocatedRealm): boolean {
  if (builtInFlows.includes(alias)) return !takesOver(data.manage.flows);
  if (![firstLoginFlow, browserFlow, membersFlow].includes(alias)) return false;
  return data.broker !== undefined || data.upstreams.some(({ template }) => template !== "custom");
}

/** Names that are taken. */
interface Names {
  readonly flows: Set<string>;
  readonly configs: Set<string>;
}

function checkSteps(
  steps: readonly StepEntry[],
  { document, path }: Place,
  names: Names,
  more: readonly string[],
  report: Report,
): void {
  const all = [...authenticators, ...more];
  for (const [i, step] of steps.entries()) {
    const at: Path = [...path, i];
    if ("does" in step) {
      if (step.config !== undefined) {
        if (names.configs.has(step.config.alias))
          report.wrong(
            { document, path: [...at, "config", "alias"] },
            `"${step.config.alias}" is there twice`,
            "name it anew",
          );
        names.configs.add(step.config.alias);
      }
      if (all.includes(step.does)) continue;
      const fix = `${suggest(step.does, all)} (one that a jar brings is named under extensions.authenticators)`;
      report.wrong({ document, path: [...at, "does"] }, `Keycloak has no authenticator "${step.does}"`, fix);
      continue;
    }
    if (step.form !== undefined && !all.includes(step.form)) {
      const fix = `${suggest(step.form, all)} (one that a jar brings is named under extensions.authenticators)`;
      report.wrong({ document, path: [...at, "form"] }, `Keycloak has no form "${step.form}"`, fix);
    }
    if (names.flows.has(step.flow))
      report.wrong({ document, path: [...at, "flow"] }, `"${step.flow}" is there twice`, "name it anew");
    names.flows.add(step.flow);
    checkSteps(step.steps, { document, path: [...at, "steps"] }, names, more, report);
  }
}
