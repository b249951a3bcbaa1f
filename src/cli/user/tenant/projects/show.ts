import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { askConsole } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { type ShownProject, shownProjectSchema } from "./answers.ts";
import { projectNamed } from "./project-named.ts";

/** `cloudpass tenant projects show` */
export function addShow(projects: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(projects.command("show"))
    .description("a project on each cloud: who has what there, and what it may use")
    .argument("<project>", "its name")
    .option("--at <clouds>", "only there, with commas between them")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant projects show web\n  cloudpass tenant projects show web --at gx1",
    )
    .action(async (name: string, { at, ...options }: TenantOptions & { readonly at?: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const places = await projectNamed(session, tenant, name, at);
      const found: ShownProject[] = [];
      for (const { path } of places)
        found.push((await askConsole(session, { path, answer: shownProjectSchema })).value);
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, projects: found }, undefined, 2));
      else show(terminal, ...found.flatMap(formatProject).map(plain));
      finish(0);
    });
}

function formatProject(project: ShownProject): string[] {
  const line = (word: string, text: string) => `${word.padEnd(13)}${text}`;
  const people = (all: ShownProject["access"][number]["people"]) =>
    all.length === 0 ? "nobody who logged in lately" : all.map((p) => `${p.name} (${p.preferred_username})`).join(", ");
  return [
    line("project", `${project.name} on ${project.cloud}   (${project.id})`),
    line("state", `${project.enabled ? "enabled" : "disabled"}, as of ${project.at}`),
    line("kept by", project.kept_by),
    ...(project.description === "" ? [] : [line("description", project.description)]),
    ...(project.sets.length === 0 ? [] : [line("given as", project.sets.join(", "))]),
    ...project.access.map((a, i) =>
      line(i === 0 ? "access" : "", `${a.role} by grant ${a.grant}: ${people(a.people)}`),
    ),
    ...(project.limits ?? []).map((l, i) =>
      line(i === 0 ? "limits" : "", `${l.service} ${l.resource}: ${l.limit < 0 ? "none" : l.limit}`),
    ),
    ...(project.limits === undefined ? [line("limits", "not readable here")] : []),
  ];
}
