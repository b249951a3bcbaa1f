import type { IssuerDeps } from "../deps.ts";
import { type DeviceFlow, flowKind, transitions } from "./flow.ts";

/**
 * Ends a login before it yields anything. Answers what it was when it was too late for that.
 * @param presented who did what only an attacker does, a person or a client, and from where
 */
export async function burn(
  deps: Pick<IssuerDeps, "store" | "audit">,
  id: string,
  flow: DeviceFlow,
  presented: { readonly by: string; readonly address: string },
): Promise<DeviceFlow | undefined> {
  const { from, to } = transitions.burn;
  if (!from.some((state) => state === flow.state)) return flow;
  const { by: presentedBy, address } = presented;
  const fields = { client: flow.client, flow: flow.handle, presentedBy, address };
  const act = () => deps.store.advance(flowKind, id, from, { state: to });
  const burnt = await deps.audit.before([["device.burnt", fields]], act, ({ outcome }) => outcome === "won");
  return burnt.outcome === "stale" ? burnt.current : undefined;
}
