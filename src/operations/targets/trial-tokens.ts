import type { TargetName } from "../../core/index.ts";
import { keysAt, makeKeySet } from "../../issuer/index.ts";
import type { SignTrial } from "../../targets/index.ts";
import { type Actor, detailOf } from "../actor.ts";
import type { BrokerState } from "../broker-state.ts";

/** Of a tenant whose name no policy can hold, without a group: what is signed here opens nothing. */
const nobody = {
  sub: "p-doctor",
  tenant: "urn:cloudpass:tenant:-doctor",
  preferred_username: "doctor",
  client_id: "cloudpass",
};

/** A trial token is over by then, in seconds. */
const trialLife = 60;

/** Signs, after telling the audit, for one target: nobody's tokens, which give nothing, to try its front with. */
export const trialSigner = (
  { target }: { readonly target: TargetName },
  { audited, keyHome, clock }: Pick<BrokerState, "audited" | "keyHome" | "clock">,
  actor: Actor,
): Promise<SignTrial> =>
  audited(async (audit) => {
    const keys = makeKeySet(keysAt((await keyHome.read()).keys, clock.now()), "token");
    audit.record("keys.tried", { audience: target, detail: detailOf(actor) });
    return (typ, { powerful, exp, iat, ...claims }) =>
      keys.sign(typ, {
        ...claims,
        ...nobody,
        iat,
        exp: Math.min(exp, clock.now() + trialLife),
        groups: powerful === true ? ["system:masters"] : [],
      });
  });
