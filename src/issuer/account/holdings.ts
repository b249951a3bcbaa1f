import { Fault, type LoginId, type Person } from "../../core/index.ts";
import type { ListedSession } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { endLogin } from "../logins/end-login.ts";
import { type Login, loginKind } from "../logins/login.ts";

type Deps = Pick<IssuerDeps, "store" | "sessions" | "audit" | "clock" | "notifyClient">;

/** A login of a program. */
export interface HeldLogin {
  readonly id: LoginId;
  readonly login: Login;
}

/** Everything that hangs on a person: browsers and programs, the latest first. */
interface Holdings {
  readonly here: ListedSession | undefined;
  readonly browsers: readonly ListedSession[];
  readonly logins: readonly HeldLogin[];
}

/** Who looks at what is hers, and by what: that is told apart from the rest. */
export interface Holder {
  readonly person: Person;
  /** Of the browser's session. */
  readonly id?: string;
  /** Of the program. */
  readonly login?: LoginId;
}

/** What a person holds. */
export async function holdingsOf(deps: Pick<Deps, "store" | "sessions">, { person, id }: Holder): Promise<Holdings> {
  const [sessions, found] = await Promise.all([
    deps.sessions.list(person.sub),
    deps.store.list(loginKind, { kind: "person", sub: person.sub }),
  ]);
  const logins = found.map((f) => ({ id: f.id as LoginId, login: f.value }));
  return {
    here: sessions.find((s) => s.id === id),
    browsers: sessions.filter((s) => s.id !== id),
    logins: logins.sort((a, b) => b.login.startedAt - a.login.startedAt),
  };
}

/** What to end. `disowned`: the person says that it was somebody else's. */
export type Wish =
  | { readonly what: "login"; readonly id: string; readonly disowned: boolean }
  | { readonly what: "session"; readonly id: string }
  | { readonly what: "all" };

/**
 * Ends what the person wishes, of the person's own things only: an id is looked up among them, so that somebody else's
 * does nothing (S-46). Of "all" the browser or the program that asks stays: it ends by signing out. Answers how many ended.
 */
export async function endHoldings(deps: Deps, holder: Holder, address: string, wish: Wish): Promise<number> {
  const held = await holdingsOf(deps, holder);
  const isWished = (what: Wish["what"], id: string) =>
    wish.what === "all" ? id !== holder.login : wish.what === what && wish.id === id;
  const logins = held.logins.filter(({ id }) => isWished("login", id));
  const browsers = held.browsers.filter(({ id }) => isWished("session", id));
  const { sub, tenant } = holder.person;
  const disowned = wish.what === "login" && wish.disowned;
  for (const { id, login } of logins) {
    if (disowned) deps.audit.record("login.disowned", { client: login.client, login: id, sub, address });
    await endLogin(deps, id, login, disowned ? "disowned by the person" : "ended by the person");
  }
  for (const browser of browsers) {
    await deps.audit.before([["session.ended", { sub, tenant, address }]], () => deps.sessions.end(browser));
  }
  return logins.length + browsers.length;
}

/** What became of the sign-ins at the realm, by their number. */
interface SignInsEnded {
  readonly ended: number;
  /** The realm did not answer: they live there until their own end, and open nothing of ours. */
  readonly unreached: number;
}

/**
 * Ends everything of a person's, the login that asks and the sign-ins at the realm too, and has clouds told as after any sign-in
 * that ended there. The login that asks goes last: whatever fails before it can be asked for again.
 */
export async function endEverything(
  deps: Deps & Pick<IssuerDeps, "events" | "relyingParty">,
  holder: Holder,
  address: string,
): Promise<{ readonly ended: number; readonly signIns: SignInsEnded }> {
  const held = await holdingsOf(deps, holder);
  const mine = held.logins.find(({ id }) => id === holder.login);
  const ofBrowsers = held.browsers.map(({ realmGrant }) => realmGrant);
  const ofLogins = held.logins.flatMap(({ login: { behind } }) =>
    behind.kind === "sign-in" ? [behind.realmGrant] : [],
  );
  const ended = await endHoldings(deps, holder, address, { what: "all" });
  const signIns = { ended: 0, unreached: 0 };
  for (const realmGrant of new Set([...ofBrowsers, ...ofLogins])) {
    try {
      await deps.relyingParty.forget(realmGrant);
      signIns.ended += 1;
    } catch (problem) {
      if (!(problem instanceof Fault)) throw problem;
      signIns.unreached += 1;
    }
  }
  if (mine !== undefined) await endLogin(deps, mine.id, mine.login, "ended by the person, everywhere");
  deps.events.loginEnded(holder.person.sub);
  return { ended: ended + (mine === undefined ? 0 : 1), signIns };
}
