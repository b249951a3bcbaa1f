import type { Instant, Person } from "../../core/index.ts";
import { type Html, html, type Language, layout, when } from "../../http/index.ts";
import { formatAddress } from "../views/parts.ts";
import { words } from "../words/index.ts";

/** One browser or program in the list. */
export interface Item {
  readonly id: string;
  readonly formToken: string;
  readonly name: string;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly startedAt: Instant;
  /** Last seen (browser) or last renewed (program); none = never since. */
  readonly usedAt: Instant | undefined;
  readonly endsAt: Instant;
  /** Of a program: how its login was confirmed. */
  readonly how?: string;
  /** Of a program: whether its next login is not asked about while this one lives. */
  readonly remembers?: boolean;
}

/** What the page shows. */
interface Account {
  readonly person: Person;
  readonly now: Instant;
  readonly here: Item | undefined;
  readonly browsers: readonly Item[];
  readonly logins: readonly Item[];
  readonly allToken: string;
  /** Whether there is a page on which the person asks for rights. */
  readonly mayAsk: boolean;
  /** What just happened. */
  readonly ended: string | undefined;
}

/** A person's own sessions and logins, each with its end. */
export function accountPage(language: Language, a: Account): string {
  const { account, shared } = words[language];
  const many = a.browsers.length + a.logins.length > 1;
  const list = (items: readonly Item[], what: "session" | "login", none: string) =>
    items.length === 0
      ? html`<p>${none}</p>`
      : html`${items.map((i) => card(language, a.now, i, what, endForm(language, i, what)))}`;
  return layout(
    language,
    account.title,
    html`<p class="aside">${shared.signedIn(a.person.preferredUsername, a.person.tenant)}</p>
${a.ended !== undefined && html`<p class="said" role="status">${a.ended}</p>`}
${a.mayAsk && html`<p><a href="/access">${account.askForRights}</a></p>`}
<h2>${account.logins}</h2>
${list(a.logins, "login", account.noLogins)}
<h2>${account.otherBrowsers}</h2>
${list(a.browsers, "session", account.noOtherBrowsers)}
${many && endAll(language, a.allToken)}
<h2>${account.thisBrowser}</h2>
${a.here && card(language, a.now, a.here, "session", html``)}
<p><a class="button" href="/end_session" aria-describedby="out-says">${account.signOut}</a></p>
<p id="out-says" class="aside">${account.signOutSays}</p>`,
  );
}

function card(language: Language, now: Instant, i: Item, what: "session" | "login", actions: Html): Html {
  const { account } = words[language];
  const [used, until] =
    what === "login" ? [account.lastRefresh, account.until] : [account.lastSeen, account.latestUntil];
  return html`<section class="item">
<h3 id="i-${i.id}">${i.name}</h3>
<dl>
<dt>${account.since}</dt><dd>${when(language, i.startedAt, now)}</dd>
${i.how !== undefined && html`<dt>${account.how}</dt><dd>${i.how}</dd>`}
${i.remembers && html`<dt>${account.next}</dt><dd>${account.notAsked}</dd>`}
<dt>${account.from}</dt><dd>${formatAddress(language, i.address)}</dd>
${i.userAgent !== undefined && i.userAgent !== "" && html`<dt>${account.callsItself}</dt><dd>${i.userAgent}</dd>`}
<dt>${used}</dt><dd>${i.usedAt === undefined ? account.notRefreshed : when(language, i.usedAt, now)}</dd>
<dt>${until}</dt><dd>${when(language, i.endsAt, now)}</dd>
</dl>
${actions}
</section>`;
}

function endForm(language: Language, { id, formToken }: Item, what: "session" | "login"): Html {
  const { account } = words[language];
  const button = (reason: string, message: string, kind: Html) =>
    html`<button${kind} type="submit" name="reason" value="${reason}" aria-describedby="i-${id}">${message}</button>`;
  return html`<form class="row" method="post" action="/account/end">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="what" value="${what}">
<input type="hidden" name="id" value="${id}">
${button("end", what === "login" ? account.endLogin : account.endBrowser, html``)}
${what === "login" && button("disowned", account.disown, html` class="deny"`)}
</form>`;
}

function endAll(language: Language, formToken: string): Html {
  const { account } = words[language];
  return html`<form method="post" action="/account/end">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="what" value="all">
<button class="deny" type="submit" aria-describedby="all-says">${account.endAll}</button>
<p id="all-says" class="aside">${account.endAllSays}</p>
</form>`;
}
