import { plain } from "../../failure.ts";
import { whoAmIAtCloud } from "../session/cloud-whoami.ts";
import { whoAmIAtCluster } from "../session/cluster-whoami.ts";
import type { Session } from "../session/session.ts";
import type { ListedTarget, TargetList } from "../session/targets.ts";
import { type Examination, orFinding } from "./examination.ts";

/** Whether each cloud and cluster of the person's can be reached, takes the login, and gives what the broker says. */
export async function examineTargets(at: Examination, session: Session, { targets }: TargetList): Promise<void> {
  for (const target of targets) {
    const about = plain(target.name);
    const lacks = await orFinding(at.findings, about, () => lackOf(at, session, target));
    if (lacks === "") at.findings.ok(about, "it lets you in");
    else if (lacks !== undefined)
      at.findings.warn(about, lacks, "wait a minute and look again; if it lasts, tell the operator of the broker");
  }
}

/** What the target itself does not give, in words; empty when all is there. */
async function lackOf({ terminal }: Examination, session: Session, target: ListedTarget): Promise<string> {
  if (target.kind === "openstack") {
    const { places } = await whoAmIAtCloud(session, target, () => terminal.clock.now());
    return places.length > 0 ? "" : "it lets you in, and gives you no role on any project or domain yet";
  }
  const { groups } = await whoAmIAtCluster(session, target);
  const missing = target.entitlements.filter(({ group }) => group && !groups.some((one) => one.endsWith(group)));
  if (missing.length === 0) return "";
  return `it lets you in, and does not see your group ${missing.map(({ group }) => plain(group ?? "")).join(", ")}`;
}
