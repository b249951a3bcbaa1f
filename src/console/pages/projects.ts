import type { Instant } from "../../core/index.ts";
import { type Html, html, type Language, when } from "../../http/index.ts";
import type {
  ListedCloud,
  ListedCluster,
  ListedProject,
  ReachableTenant,
  ShownProject,
  TenantProjects,
} from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { projectsTexts } from "../words/projects.ts";
import { addressOf, tenantPage, ways } from "./frame.ts";
import { type Column, table } from "./table.ts";

/** What the list shows. */
interface Projects extends TenantProjects {
  readonly reached: ReachableTenant;
  readonly after: string | undefined;
  readonly now: Instant;
  readonly clusters: readonly ListedCluster[];
}

/** The tenant's projects on every cloud, and as of when each cloud is known. */
export function projectsPage(language: Language, list: Projects): string {
  const { reached, clouds, clusters, items, total, after, next, now } = list;
  const texts = projectsTexts[language];
  const place = { title: texts.title, reached, section: "projects" } as const;
  const below = namespacesPart(language, clusters, now);
  if (clouds.length === 0) return tenantPage(language, place, html`<p>${texts.noClouds}</p>${below}`);
  const columns: Column<ListedProject>[] = [
    { heading: texts.name, cell: ({ name }) => name },
    ...clouds.map((cloud) => ({
      heading: cloud.cloud,
      cell: (project: ListedProject) => cell(language, reached, cloud, project),
    })),
    { heading: texts.keptBy, cell: ({ keptBy }) => texts.keepers[keptBy] },
  ];
  return tenantPage(
    language,
    place,
    html`${reached.mayManage && clouds.some(({ manages }) => manages) && html`<p><a class="button" href="${addressOf(reached.tenant.name, "projects", "new")}">${texts.make}</a></p>`}
${items.length === 0 ? html`<p>${texts.none}</p>` : table(words[language].count(items.length, total), columns, items)}
${ways(language, addressOf(reached.tenant.name, "projects"), { after }, next)}
<h2>${texts.clouds}</h2>
${table(texts.clouds, cloudColumns(language, now), clouds)}
${below}`,
  );
}

/** The tenant's namespaces on each cluster. */
function namespacesPart(language: Language, clusters: readonly ListedCluster[], now: Instant): Html | false {
  if (clusters.length === 0) return false;
  const texts = projectsTexts[language];
  const columns: Column<ListedCluster["namespaces"][number]>[] = [
    { heading: texts.namespace, cell: ({ name }) => name },
    { heading: texts.state, cell: ({ state }) => texts.namespaceStates[state] },
  ];
  const one = ({ cluster, label, state, at, namespaces }: ListedCluster) => {
    const caption = html`${texts.clusterOf(cluster, label)}${at !== undefined && html`. ${texts.known} ${when(language, at, now)}`}`;
    const trouble = state === "nobody looked" ? texts.noAccount : texts.states[state];
    return html`${namespaces.length > 0 ? table(caption, columns, namespaces) : html`<p>${caption}. ${state === "read" && texts.noNamespaces}</p>`}
${trouble !== "" && html`<p class="aside">${cluster}: ${trouble}</p>`}`;
  };
  return html`<h2>${texts.namespaces}</h2>
${clusters.map(one)}
<p class="aside">${texts.onlyShown}</p>`;
}

/** Whether a project is on a cloud, and the way to it. */
function cell(language: Language, { tenant }: ReachableTenant, cloud: ListedCloud, { name, at }: ListedProject): Html {
  const texts = projectsTexts[language];
  const found = at.find((one) => one.cloud === cloud.cloud);
  if (found === undefined) return html`${cloud.at === undefined ? texts.notKnown : texts.absent}`;
  const address = addressOf(tenant.name, "projects", found.cloud, found.id);
  const said = found.enabled ? texts.there : texts.disabled;
  return html`<a href="${address}" aria-label="${name}, ${found.cloud}: ${said}">${said}</a>`;
}

const cloudColumns = (language: Language, now: Instant): Column<ListedCloud>[] => {
  const texts = projectsTexts[language];
  return [
    { heading: texts.cloud, cell: ({ cloud }) => cloud },
    { heading: texts.domain, cell: ({ domain }) => domain },
    {
      heading: texts.known,
      cell: ({ at, state, manages }) =>
        html`${at !== undefined && html`${when(language, at, now)} `}${state !== "read" && html`<strong>${texts.states[state]}</strong> `}${!manages && texts.notManaged}`,
    },
  ];
};

/** One project on one cloud: what the cloud says of it, and who has what there. */
export function projectPage(
  language: Language,
  reached: ReachableTenant,
  project: ShownProject,
  { now, actions, done }: { readonly now: Instant; readonly actions: Html | false; readonly done: string | undefined },
): string {
  const texts = projectsTexts[language];
  const { description, enabled } = project;
  return tenantPage(
    language,
    { title: `${project.name}, ${project.cloud}`, reached, section: "projects" },
    html`${done !== undefined && html`<p class="said" role="status">${done}</p>`}
<dl>
<dt>${texts.description}</dt><dd>${description === "" ? "–" : description}</dd>
<dt>${texts.state}</dt><dd>${enabled ? texts.enabled : html`<strong>${texts.disabled}</strong>`}</dd>
<dt>${texts.domain}</dt><dd>${project.domain}</dd>
<dt>${texts.keptBy}</dt><dd>${texts.keepers[project.keptBy]}</dd>
<dt>${texts.id}</dt><dd><code>${project.id}</code></dd>
<dt>${texts.known}</dt><dd>${when(language, project.at, now)}</dd>
</dl>
${actions}
<h2>${texts.access}</h2>
${accessTable(language, reached, project)}
<h2>${texts.limits}</h2>
${limitsTable(language, project)}`,
  );
}

/** So many names stand in a row; of more the number is said. */
const mostNames = 20;

/** Who has which role on a project, by which grant. */
export function accessTable(language: Language, { tenant }: ReachableTenant, { access }: ShownProject): Html {
  const texts = projectsTexts[language];
  if (access.length === 0) return html`<p>${texts.nobody}</p>`;
  const columns: Column<ShownProject["access"][number]>[] = [
    { heading: texts.role, cell: ({ role }) => role },
    {
      heading: texts.grant,
      cell: ({ grant }) => html`<a href="${addressOf(tenant.name, "grants", grant)}">${grant}</a>`,
    },
    {
      heading: texts.people,
      cell: ({ people }) =>
        people.length === 0
          ? words[language].nobodyHolds
          : html`${people
              .slice(0, mostNames)
              .map(
                ({ sub, name }, i) =>
                  html`${i > 0 && ", "}<a href="${addressOf(tenant.name, "people", sub)}">${name}</a>`,
              )}${people.length > mostNames && ` ${words[language].give.andMore(people.length - mostNames)}`}`,
    },
  ];
  return table(texts.accessAsOf, columns, access);
}

function limitsTable(language: Language, { limits }: ShownProject): Html {
  const texts = projectsTexts[language];
  if (limits === undefined || limits.length === 0) return html`<p>${texts.notReadable}</p>`;
  const columns: Column<(typeof limits)[number]>[] = [
    { heading: texts.resource, cell: ({ resource }) => resource },
    { heading: texts.service, cell: ({ service }) => service },
    // Keystone writes no limit as -1.
    { heading: texts.limit, cell: ({ limit }) => (limit < 0 ? texts.noLimit : String(limit)) },
  ];
  return table(texts.limits, columns, limits);
}
