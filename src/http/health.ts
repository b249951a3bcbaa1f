import { ok } from "../core/index.ts";
import { json, type Route } from "./request.ts";

/** Whether the process is leaving; flips once, at SIGTERM. */
export interface Readiness {
  leaving: boolean;
}

/**
 * `/livez`: the process runs. `/readyz`: it can do its work: every check passes and it is not leaving.
 * A check throws when its dependency does not answer.
 */
export function healthRoutes(checks: Readonly<Record<string, () => Promise<void>>>, readiness: Readiness): Route[] {
  return [
    { method: "GET", path: "/livez", errorFormat: "oauth", handle: () => ok(json({ status: "ok" })) },
    {
      method: "GET",
      path: "/readyz",
      errorFormat: "oauth",
      handle: async () => {
        const failing: string[] = readiness.leaving ? ["leaving"] : [];
        await Promise.all(Object.entries(checks).map(([name, check]) => check().catch(() => void failing.push(name))));
        return ok(failing.length === 0 ? json({ status: "ok" }) : json({ status: "not ready", failing }, 503));
      },
    },
  ];
}
