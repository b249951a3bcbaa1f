import type { IssuerDeps } from "../deps.ts";
import { type DeviceAuthorization, deviceAuthorizationKind, transitions } from "./device-authorization.ts";

/**
 * Ends a login before it yields anything. Answers what it was when it was too late for that.
 * @param presented who did what only an attacker does, a person or a client, and from where
 */
export async function burn(
  deps: Pick<IssuerDeps, "store" | "audit">,
  id: string,
  authorization: DeviceAuthorization,
  presented: { readonly by: string; readonly address: string },
): Promise<DeviceAuthorization | undefined> {
  const { from, to } = transitions.burn;
  if (!from.some((state) => state === authorization.state)) return authorization;
  const { by: presentedBy, address } = presented;
  const fields = { client: authorization.client, authorization: authorization.handle, presentedBy, address };
  const act = () => deps.store.advance(deviceAuthorizationKind, id, from, { state: to });
  const burnt = await deps.audit.before([["device.burnt", fields]], act, ({ outcome }) => outcome === "won");
  return burnt.outcome === "stale" ? burnt.current : undefined;
}
