import type { z } from "zod";
import type { Session } from "../../session/session.ts";
import { askPages, pathTo, type ReachedTenant } from "../console-api.ts";
import { projectsSchema } from "./answers.ts";

/** The projects of a tenant, and the clouds as the first page has them. */
export async function allProjects(session: Session, tenant: ReachedTenant): Promise<z.infer<typeof projectsSchema>> {
  const pages = await askPages(session, pathTo(tenant, "projects"), { answer: projectsSchema });
  return { ...pages[0].value, items: pages.flatMap(({ value }) => value.items) };
}
