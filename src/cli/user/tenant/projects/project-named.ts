import { CommandFailure, plain } from "../../../failure.ts";
import type { Session } from "../../session/session.ts";
import { pathTo, type ReachedTenant } from "../console-api.ts";
import { allProjects } from "./all-projects.ts";

/** A project on one cloud, and its path in the API. */
interface ProjectPlace {
  readonly cloud: string;
  readonly path: string;
}

/** Where a project of this name is: on every cloud that has it, or on those that are named. */
export async function projectNamed(
  session: Session,
  tenant: ReachedTenant,
  name: string,
  at: string | undefined,
): Promise<readonly ProjectPlace[]> {
  const { items, clouds } = await allProjects(session, tenant);
  const project = items.find((one) => one.name === name);
  const named = at?.split(",").map((cloud) => cloud.trim());
  const unknown = named?.find((cloud) => !clouds.some((one) => one.cloud === cloud));
  if (unknown !== undefined) {
    const fix = `name some of: ${clouds.map(({ cloud }) => plain(cloud)).join(", ")}`;
    throw new CommandFailure(`${plain(tenant.tenant)} has no cloud "${plain(unknown)}"`, { fix });
  }
  const found = (project?.at ?? []).filter(({ cloud }) => named === undefined || named.includes(cloud));
  const missing = named?.find((cloud) => !found.some((one) => one.cloud === cloud));
  if (found.length === 0 || missing !== undefined) {
    const where = missing === undefined ? "on no cloud that answers" : `not on ${plain(missing)}`;
    const fix = "see cloudpass tenant projects list";
    throw new CommandFailure(`project "${plain(name)}" is ${where}`, { fix });
  }
  return found.map(({ cloud, id }) => ({ cloud, path: pathTo(tenant, "projects", cloud, id) }));
}
