import {
  Bug,
  err,
  instant,
  ok,
  type RequestError,
  type Result,
  refusal,
  type Seconds,
  seconds,
  token,
} from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import {
  type DeviceAuthorization,
  deviceAuthorizationId,
  deviceAuthorizationKind,
  handleAlias,
  userCodeAlias,
} from "./device-authorization.ts";
import { openCosts } from "./open-codes.ts";
import { makeUserCode } from "./user-code.ts";

/** A record outlives its code by this, so that a late poll is told `expired_token` and not `invalid_grant`. */
const afterlife = 300;

/** A device login that a client asks for; fixed from here on (S-09). */
export type Asked = Pick<DeviceAuthorization, "client" | "scope" | "target" | "challenge" | "jkt" | "origin">;

/** What the program that asked is told. */
export interface Started {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresIn: Seconds;
  /** Seconds between two polls. */
  readonly interval: Seconds;
}

type Deps = Pick<IssuerDeps, "times" | "clock" | "random" | "seal" | "store" | "audit" | "clients" | "networks">;

/** Starts a device login (RFC 8628 section 3.2). */
export async function start(deps: Deps, asked: Asked): Promise<Result<Started, RequestError>> {
  const { deviceCode: life, interval } = deps.times;
  const now = deps.clock.now();
  const deviceCode = token(deps.random);
  const handle = token(deps.random, 16);
  const ttl = seconds(life + afterlife);
  const costs = openCosts(deps, asked.client, asked.origin.address);
  for (let attempt = 0; attempt < 5; attempt++) {
    const userCode = makeUserCode(deps.random);
    const authorization: DeviceAuthorization = {
      ...asked,
      state: "issued",
      userCode: deps.seal.encrypt("user code", userCode),
      handle,
      startedAt: now,
      expiresAt: instant(now + life),
      interval,
    };
    const aliases = [userCodeAlias(deps, userCode), handleAlias(handle)];
    const put = await deps.store.put(
      deviceAuthorizationKind,
      deviceAuthorizationId(deps, deviceCode),
      authorization,
      { ttl, aliases },
      costs,
    );
    if (put === "refused")
      return err(refusal("too_many_requests", "too many logins are being started from your network"));
    if (put !== "created") continue; // another login has this user code at the moment
    deps.audit.record("device.started", { client: asked.client, authorization: handle, address: asked.origin.address });
    return ok({ deviceCode, userCode, expiresIn: life, interval });
  }
  throw new Bug("five user codes in a row were taken");
}
