import type { z } from "zod";
import { formatColumns } from "../columns.ts";
import type { ReachedTenant } from "../console-api.ts";
import type { TenantOptions } from "../tenant-options.ts";
import type { changedSchema } from "./answers.ts";

/** Projects as they are after a change. */
export function formatChanged(
  { tenant }: ReachedTenant,
  done: readonly z.infer<typeof changedSchema>[],
  { output }: TenantOptions,
): string[] {
  if (output === "json") return [JSON.stringify({ tenant, projects: done }, undefined, 2)];
  const rows = done.map((p) => [p.cloud, p.name, p.enabled ? "enabled" : "disabled", p.description]);
  return formatColumns(["CLOUD", "PROJECT", "STATE", "DESCRIPTION"], rows);
}
