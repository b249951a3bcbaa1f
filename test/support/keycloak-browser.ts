import { type Browser, decodeEntities, type Form, forms, type Page } from "./browser.ts";
import { totpCode } from "./totp.ts";

// A person at Keycloak's own pages: `drive` fills in what is shown. Loopback only.

/** The page's heading, for messages. */
const titleOf = (page: Page): string =>
  textOf(
    /id="kc-page-title"[^>]*>([\s\S]*?)</.exec(page.text)?.[1] ?? /<title>([\s\S]*?)<\/title>/.exec(page.text)?.[1],
  );

/** What the page says went wrong, if it says so. */
function errorOn(page: Page): string | undefined {
  const found =
    /class="[^"]*kc-feedback-text[^"]*"[^>]*>([\s\S]*?)<\/span>/.exec(page.text) ??
    /id="(?:input-error|kc-error-message)[^"]*"[^>]*>([\s\S]*?)<\/(?:span|div)>/.exec(page.text);
  return found ? textOf(found[1]) : undefined;
}

/** Who sits at the browser, and how they answer. */
export interface Person {
  readonly username: string;
  readonly password: string;
  /** Secret of the second factor, where one is asked for. The code of the next period is typed: that of now was used. */
  readonly totpSecret?: string;
  /** For a form that asks for missing parts of the profile. */
  readonly profile?: Readonly<Record<string, string>>;
  /** For Keycloak's own device page. */
  readonly userCode?: string;
  /** Default: consents. */
  readonly consent?: boolean;
}

/** How a drive ended: at the address to stop at, or on a page that nothing more can be done with. */
export interface Drive {
  readonly page: Page;
  /** The address to stop at, with its parameters. */
  readonly done?: URL;
  /** The pages met, in order: `login`, `profile`, `device-code`, `consent`, `saml`. */
  readonly steps: readonly string[];
  readonly title: string;
  readonly error: string | undefined;
}

/**
 * Fills in whatever Keycloak shows until a redirect leads to `stopAt`, or a page comes that is none of its forms.
 * `who` may depend on the page: a person has another name at each realm.
 */
export async function drive(
  browser: Browser,
  start: Page,
  stopAt: string | undefined,
  who: Person | ((page: Page) => Person),
): Promise<Drive> {
  let page = start;
  const steps: string[] = [];
  for (;;) {
    const done = page.stopped === undefined ? {} : { done: new URL(page.stopped) };
    const next = page.stopped === undefined ? nextStep(page, typeof who === "function" ? who(page) : who) : undefined;
    // A form that comes again was refused; only the login may take two pages (name, then password), and SAML goes and comes.
    const seen = steps.filter((s) => s === next?.name).length;
    const stuck = seen > (next?.name === "login" || next?.name === "saml" ? 1 : 0);
    if (next === undefined || stuck) return { page, ...done, steps, title: titleOf(page), error: errorOn(page) };
    steps.push(next.name);
    page = await browser.send(next.form, next.values, stopAt);
  }
}

interface Next {
  readonly name: string;
  readonly form: Form;
  readonly values: Record<string, string>;
}

function nextStep(page: Page, person: Person): Next | undefined {
  const all = forms(page);
  const { username, password } = person;
  for (const form of all) {
    const asks = (name: string) => form.inputs.some((i) => i.name === name);
    if (form.id === "kc-form-login") return { name: "login", form, values: loginValues(form, username, password) };
    if (asks("otp") && person.totpSecret !== undefined)
      return { name: "second factor", form, values: { otp: totpCode(person.totpSecret, 1) } };
    if (form.id === "kc-idp-review-profile-form" || form.id === "kc-update-profile-form") {
      return { name: "profile", form, values: { ...person.profile } };
    }
    // A script sends it on in a real browser.
    if (asks("SAMLRequest") || asks("SAMLResponse")) return { name: "saml", form, values: {} };
    if (asks("device_user_code")) {
      return { name: "device-code", form, values: { device_user_code: person.userCode ?? "" } };
    }
    if (/consent|oauth-grant/.test(form.action)) {
      return { name: "consent", form, values: person.consent === false ? { cancel: "No" } : { accept: "Yes" } };
    }
  }
  return undefined;
}

/** A realm with organizations asks for the name first and for the password on a second page. */
function loginValues(form: Form, username: string, password: string): Record<string, string> {
  const asks = (name: string) => form.inputs.some((i) => i.name === name && i.type !== "hidden");
  return { ...(asks("username") && { username }), ...(asks("password") && { password }) };
}

const textOf = (html: string | undefined): string =>
  decodeEntities(
    (html ?? "")
      .replace(/<[^>]+>/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  );
