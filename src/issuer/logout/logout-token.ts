import { type Clock, type LoginId, type Person, type Random, token } from "../../core/index.ts";
import { createFetch } from "../../http-client/index.ts";
import type { Client } from "../clients/registry.ts";
import type { KeySet } from "../keys/key-set.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";
/** A logout token is used at once (OpenID Connect Back-Channel Logout 1.0 section 2.4: two minutes at most). */
const life = 120;
const attempts = 3;
const timeoutMillis = 5_000;

/** Tells the client of a login that it has ended. */
export type NotifyClient = (id: LoginId, login: { readonly client: string; readonly person: Person }) => void;

interface Deps {
  readonly issuer: string;
  readonly keys: () => KeySet;
  readonly clock: Clock;
  readonly random: Random;
  readonly clients: ReadonlyMap<string, Client>;
}

/**
 * Back-channel logout (OpenID Connect Back-Channel Logout 1.0) to clients that registered an address. In the background,
 * with retries: a client that is down must not hold up the one who logs out.
 */
export function createTellClient(deps: Deps): NotifyClient {
  return (id, { client, person }) => {
    const address = deps.clients.get(client)?.backchannelLogoutUri;
    if (address === undefined) return;
    const logoutToken = () =>
      deps.keys().sign("logout+jwt", {
        iss: deps.issuer,
        aud: client,
        sub: person.sub,
        sid: id,
        iat: deps.clock.now(),
        exp: deps.clock.now() + life,
        jti: token(deps.random, 16),
        events: { [event]: {} },
      });
    void deliver(deps, address, logoutToken);
  };
}

async function deliver(deps: Deps, address: string, logoutToken: () => string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await deps.clock.sleep(1_000 * 4 ** attempt);
    if (await post(address, logoutToken)) return;
  }
}

const toClients = createFetch({ timeoutMs: timeoutMillis });

async function post(address: string, logoutToken: () => string): Promise<boolean> {
  try {
    const body = new URLSearchParams({ logout_token: logoutToken() });
    const answer = await toClients(address, { method: "POST", body });
    // 400 = the client says that the token is wrong: saying it again helps nobody.
    return answer.ok || answer.status === 400;
  } catch {
    return false; // not reached, or the keys are out of reach to us; the next try may be better
  }
}
