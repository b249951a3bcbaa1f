import { html, type Language } from "../../http/index.ts";
import type { ListedCloud, MadeAt, ProjectMade, ReachableTenant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { projectsTexts } from "../words/projects.ts";
import { boxes, field, hidden } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { type FieldProblem, problemSummary } from "./problem-summary.ts";
import { type Column, table } from "./table.ts";

/** What the form for a new project holds, as it was typed. */
export interface NewProject {
  readonly name: string;
  readonly description: string;
  readonly at: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
}

/** What the form is made of. */
interface NewProjectPage {
  readonly reached: ReachableTenant;
  readonly form: NewProject;
  readonly formToken: string;
  readonly clouds: readonly ListedCloud[];
  /** The roles that may be given on it. */
  readonly roles: readonly string[];
  readonly problems: readonly FieldProblem[];
}

/** The form for a project on one cloud or several. */
export function newProjectPage(language: Language, page: NewProjectPage): string {
  const { reached, form, formToken, clouds, roles, problems } = page;
  const texts = projectsTexts[language];
  const title = problems.length > 0 ? `${texts.making.error}: ${texts.make}` : texts.make;
  const managed = clouds.filter(({ manages }) => manages).map(({ cloud }) => ({ value: cloud, label: cloud }));
  return tenantPage(
    language,
    { title, reached, section: "projects" },
    html`${problemSummary(language, problems)}
<form method="post" action="${addressOf(reached.tenant.name, "projects", "new")}">
${hidden({ form_token: formToken })}
${field("name", texts.name, form.name, { hint: texts.making.nameHint })}
${field("description", texts.description, form.description)}
${boxes("at", texts.making.onClouds, managed, form.at)}
${
  roles.length > 0 &&
  html`${boxes(
    "role",
    texts.making.roles,
    roles.map((role) => ({ value: role, label: role })),
    form.roles,
  )}<p class="aside">${texts.making.rolesHint}</p>`
}
<button type="submit">${texts.making.doIt}</button>
</form>
<p><a href="${addressOf(reached.tenant.name, "projects")}">${texts.making.all}</a></p>`,
  );
}

/** What became of it on each cloud, and the same again for the clouds where it is not there. */
export function madePage(
  language: Language,
  reached: ReachableTenant,
  { made, form, formToken }: { readonly made: ProjectMade; readonly form: NewProject; readonly formToken: string },
): string {
  const texts = projectsTexts[language];
  const { name } = reached.tenant;
  const columns: Column<MadeAt>[] = [
    { heading: texts.cloud, cell: ({ cloud }) => cloud },
    {
      heading: texts.making.outcome,
      cell: ({ cloud, outcome, project, message }) => {
        const said = texts.making.outcomes[outcome];
        const shown =
          project === undefined ? said : html`<a href="${addressOf(name, "projects", cloud, project)}">${said}</a>`;
        return html`${shown}${message !== undefined && html`. <span lang="en">${message}</span>`}`;
      },
    },
  ];
  const missing = made.at
    .filter(({ outcome }) => outcome !== "there" || made.notGivable !== undefined)
    .map(({ cloud }) => [`at.${cloud}`, "yes"]);
  const roles = [...form.roles].map((role) => [`role.${role}`, "yes"]);
  const there = made.at.filter(({ outcome }) => outcome === "there").map(({ cloud }) => cloud);
  const again = () => html`<form method="post" action="${addressOf(name, "projects", "new")}">
${hidden({ form_token: formToken, name: form.name, description: form.description, ...Object.fromEntries([...missing, ...roles]) })}
<button type="submit">${texts.making.again}</button></form>`;
  return tenantPage(
    language,
    { title: texts.making.result(made.name), reached, section: "projects" },
    html`${table(words[language].count(made.at.length, made.at.length), columns, made.at)}
${made.notGivable !== undefined && html`<p class="problem">${texts.making.notGivable} <span lang="en">${made.notGivable}</span></p>`}
${made.sets.map((set) => html`<p><a class="button" href="${giveAddress(name, set, there)}">${texts.making.give(set)}</a></p>`)}
${missing.length > 0 && again()}
<p><a href="${addressOf(name, "projects")}">${texts.making.all}</a></p>`,
  );
}

/** The form for giving a set on clouds. */
export const giveAddress = (tenant: string, set: string, at: readonly string[]): string =>
  `${addressOf(tenant, "give")}?${new URLSearchParams({ set, ...Object.fromEntries(at.map((cloud) => [`at.${cloud}`, "yes"])) })}`;
