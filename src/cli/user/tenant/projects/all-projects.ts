import type { z } from "zod";
import type { Session } from "../../session/session.ts";
import { askConsole, pathTo, type ReachedTenant } from "../console-api.ts";
import { projectsSchema } from "./answers.ts";

/** The projects of a tenant, and the clouds as the first page has them. */
export async function allProjects(session: Session, tenant: ReachedTenant): Promise<z.infer<typeof projectsSchema>> {
  const path = pathTo(tenant, "projects");
  const ask = async (after: string | undefined) => {
    const query = new URLSearchParams({ limit: "200", ...(after !== undefined && { after }) });
    return (await askConsole(session, { path: `${path}?${query}`, answer: projectsSchema })).value;
  };
  const first = await ask(undefined);
  const items = [...first.items];
  for (let { next } = first; next !== undefined; ) {
    const page = await ask(next);
    items.push(...page.items);
    next = page.next;
  }
  return { ...first, items };
}
