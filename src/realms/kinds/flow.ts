import type AuthenticationExecutionInfoRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticationExecutionInfoRepresentation.js";
import type { Plain } from "../../reconcile/index.ts";
import { flowMark } from "../marks.ts";
import type { Kind, RealmAccess } from "./kind.ts";

/** One step of a flow: an authenticator, or a flow within the flow. */
type Step =
  | { readonly does: string; readonly requirement: string }
  | { readonly flow: string; readonly requirement: string; readonly steps: readonly Step[] };

/**
 * Authentication flows. While a flow is rebuilt it lacks steps and refuses logins; it never lets one pass that the whole
 * would refuse, because its steps start as DISABLED and an empty flow identifies nobody.
 */
export const flowKind: Kind = {
  rule: { kind: "authentication-flow", level: 1 },
  observe: ({ flows }) =>
    flows.map(({ flow, executions }) => ({
      kind: "authentication-flow",
      key: flow.alias ?? "",
      fields: { description: flow.description ?? "", steps: stepsOf(executions) },
      owned: flow.description?.startsWith(flowMark) ?? false,
      remote: { id: flow.id ?? "" },
    })),
  create: async (at, { key, fields }) => {
    const { realm, keycloak } = at;
    const description = String(fields["description"] ?? "");
    const flow = { realm, alias: key, description, providerId: "basic-flow", topLevel: true, builtIn: false };
    await keycloak.call(`create flow ${key}`, "once", (kc) => kc.authenticationManagement.createFlow(flow));
    await build(at, key, fields["steps"]);
  },
  update: async (at, { key, fields }) => {
    const { realm, keycloak } = at;
    const present = await executionsOf(at, key);
    for (const { id = "" } of present.filter((e) => e.level === 0)) {
      await keycloak.call(`clear flow ${key}`, "write", (kc) =>
        kc.authenticationManagement.delExecution({ realm, id }),
      );
    }
    await build(at, key, fields["steps"]);
  },
  remove: ({ realm, keycloak }, { key, remote }) =>
    keycloak.call(`delete flow ${key}`, "write", (kc) =>
      kc.authenticationManagement.deleteFlow({ realm, flowId: remote?.id ?? "" }, { catchNotFound: true }),
    ),
};

/** Keycloak's flat list with levels, as the tree it is. */
function stepsOf(executions: readonly AuthenticationExecutionInfoRepresentation[]): readonly Plain[] {
  const top: Plain[] = [];
  const open: Plain[][] = [top];
  for (const e of executions) {
    const level = e.level ?? 0;
    const requirement = e.requirement ?? "";
    const steps: Plain[] = [];
    open[level]?.push(
      e.authenticationFlow
        ? { flow: e.displayName ?? "", requirement, steps }
        : { does: e.providerId ?? "", requirement },
    );
    open.length = level + 1;
    open.push(steps);
  }
  return top;
}

async function build(at: RealmAccess, flow: string, wanted: Plain | undefined): Promise<void> {
  const { realm, keycloak } = at;
  const operation = `build flow ${flow}`;
  const requirements: string[] = [];
  const add = async (parent: string, steps: readonly Step[]): Promise<void> => {
    for (const step of steps) {
      requirements.push(step.requirement);
      if ("does" in step) {
        const payload = { realm, flow: parent, provider: step.does };
        await keycloak.call(operation, "once", (kc) => kc.authenticationManagement.addExecutionToFlow(payload));
      } else {
        const payload = { realm, flow: parent, alias: step.flow, type: "basic-flow", provider: "", description: "" };
        await keycloak.call(operation, "once", (kc) => kc.authenticationManagement.addFlowToFlow(payload));
        await add(step.flow, step.steps);
      }
    }
  };
  await add(flow, wanted as unknown as readonly Step[]);
  for (const [i, execution] of (await executionsOf(at, flow)).entries()) {
    const payload = { ...execution, requirement: requirements[i] ?? "DISABLED" };
    await keycloak.call(operation, "write", (kc) =>
      kc.authenticationManagement.updateExecution({ realm, flow }, payload),
    );
  }
}

const executionsOf = ({ realm, keycloak }: RealmAccess, flow: string) =>
  keycloak.call(`read flow ${flow}`, "read", (kc) => kc.authenticationManagement.getExecutions({ realm, flow }));
