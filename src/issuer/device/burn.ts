import type { IssuerDeps } from "../deps.ts";
import { type DeviceFlow, flowKind, transitions } from "./flow.ts";

/**
 * Ends a login before it yields anything. Answers what it was when it was too late for that.
 * @param presented who did what only an attacker does, a person or a client, and from where
 */
export async function burn(
  deps: Pick<IssuerDeps, "store" | "audit">,
  id: string,
  { client, handle }: DeviceFlow,
  presented: { readonly by: string; readonly address: string },
): Promise<DeviceFlow | undefined> {
  const burnt = await deps.store.advance(flowKind, id, transitions.burn.from, { state: transitions.burn.to });
  if (burnt.outcome === "stale") return burnt.current;
  const { by: presentedBy, address } = presented;
  if (burnt.outcome === "won") deps.audit.record("device.burnt", { client, flow: handle, presentedBy, address });
  return undefined;
}
