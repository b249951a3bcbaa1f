/** A form of a page: where it goes, its fields as they would be sent, its buttons. */
export interface Form {
  readonly id: string | undefined;
  readonly action: string;
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly inputs: readonly { readonly name: string; readonly type: string; readonly value: string | undefined }[];
}

/** What the browser shows. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Set when a redirect led to an address that the browser was told to stop at; it was not opened. */
  readonly stopped?: string;
}

interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly host: string;
}

const maxHops = 25;

/**
 * A browser without a screen: cookies by host and path, redirects, `meta refresh`, forms. Loopback only; it ignores
 * `Secure`, as browsers do for loopback.
 */
export class Browser {
  readonly #cookies = new Map<string, StoredCookie>();
  /** `method url → status` of every request, for error messages. */
  readonly trace: string[] = [];
  readonly #headers: Readonly<Record<string, string>>;

  /** `headers` go with every request, as those of a proxy or of the browser's language do. */
  constructor(headers: Readonly<Record<string, string>> = {}) {
    this.#headers = headers;
  }

  /** Opens an address and follows until a page; stops before an address that begins with `stopAt`. */
  async open(url: string, stopAt?: string): Promise<Page> {
    return this.#follow(url, { method: "GET" }, stopAt);
  }

  /** Sends a page's form with `values` over its own fields. `formId` picks one of several. */
  async submit(
    page: Page,
    values: Readonly<Record<string, string>>,
    options: { formId?: string; stopAt?: string } = {},
  ): Promise<Page> {
    const all = forms(page);
    const form = all.find((f) => (options.formId === undefined ? f.method === "POST" : f.id === options.formId));
    if (!form) throw new Error(`no form ${options.formId ?? ""} on ${page.url}: ${plainText(page).slice(0, 300)}`);
    return this.send(form, values, options.stopAt);
  }

  /** Sends a form with `values` over its own fields. */
  async send(form: Form, values: Readonly<Record<string, string>>, stopAt?: string): Promise<Page> {
    return this.#follow(form.action, { method: form.method, form: { ...form.fields, ...values } }, stopAt);
  }

  /** A cookie's value, for tests that steal or change it. */
  cookie(name: string): string | undefined {
    return [...this.#cookies.values()].find((c) => c.name === name)?.value;
  }

  /** Names and values of cookies whose name begins so. */
  cookiesLike(prefix: string): readonly (readonly [name: string, value: string])[] {
    return [...this.#cookies.values()].filter((c) => c.name.startsWith(prefix)).map((c) => [c.name, c.value] as const);
  }

  /** Sets a cookie by hand. */
  setCookie(url: string, name: string, value: string): void {
    const { host } = new URL(url);
    this.#cookies.set(`${host}|/|${name}`, { name, value, path: "/", host });
  }

  async #follow(
    start: string,
    first: { method: string; form?: Record<string, string> },
    stopAt?: string,
  ): Promise<Page> {
    let page = await this.#request(start, first);
    for (let hop = 0; hop < maxHops; hop++) {
      const next = nextAddress(page);
      if (next === undefined) return page;
      if (stopAt !== undefined && next.startsWith(stopAt)) return { ...page, stopped: next };
      page = await this.#request(next, { method: "GET" });
    }
    throw new Error(`too many redirects:\n${this.trace.slice(-maxHops).join("\n")}`);
  }

  async #request(url: string, { method, form }: { method: string; form?: Record<string, string> }): Promise<Page> {
    const headers: Record<string, string> = {
      accept: "text/html",
      "user-agent": "scripted-browser",
      ...this.#headers,
    };
    const cookies = this.#cookiesFor(url);
    if (cookies !== "") headers["cookie"] = cookies;
    const body = form && new URLSearchParams(form);
    const response = await fetch(url, { method, headers, redirect: "manual", ...(body && { body }) });
    this.#remember(url, response.headers);
    this.trace.push(`${method} ${url.split("?")[0]} → ${response.status}`);
    return { url, status: response.status, text: await response.text(), headers: response.headers };
  }

  #cookiesFor(url: string): string {
    const { host, pathname } = new URL(url);
    const fitting = [...this.#cookies.values()].filter((c) => c.host === host && pathname.startsWith(c.path));
    return fitting.map((c) => `${c.name}=${c.value}`).join("; ");
  }

  #remember(url: string, headers: Headers): void {
    const { host } = new URL(url);
    for (const line of headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";").map((x) => x.trim());
      const at = pair.indexOf("=");
      const attribute = (name: string) =>
        attributes.find((a) => a.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), path: attribute("path") ?? "/", host };
      const key = `${host}|${cookie.path}|${cookie.name}`;
      const expires = attribute("expires");
      const gone =
        attribute("max-age") === "0" ||
        cookie.value === "" ||
        (expires !== undefined && Date.parse(expires) < Date.now());
      if (gone) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }
}

function nextAddress(page: Page): string | undefined {
  const location = page.headers.get("location");
  if (location !== null && page.status >= 300 && page.status < 400) return new URL(location, page.url).href;
  const refresh = /<meta http-equiv="refresh" content="0; ?url=([^"]+)"/i.exec(page.text)?.[1];
  return refresh === undefined ? undefined : new URL(decodeEntities(refresh), page.url).href;
}

/** The forms of a page. */
export function forms(page: Page): Form[] {
  return [...page.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head = "", body = ""]) => {
    const inputs = [...body.matchAll(/<(input|button)\b([^>]*)>/gi)].flatMap(([, tag = "", attributes = ""]) => {
      const name = attributeOf(attributes, "name");
      const type = (attributeOf(attributes, "type") ?? (tag === "button" ? "submit" : "text")).toLowerCase();
      const checked = /\bchecked\b/.test(attributes);
      return name === undefined ? [] : [{ name, type, value: attributeOf(attributes, "value"), checked }];
    });
    const sent = inputs.filter((i) => !["submit", "button"].includes(i.type) && (i.checked || !isTicked(i.type)));
    return {
      id: attributeOf(head, "id"),
      action: new URL(attributeOf(head, "action") ?? page.url, page.url).href,
      method: (attributeOf(head, "method") ?? "GET").toUpperCase(),
      fields: { ...Object.fromEntries(sent.map((i) => [i.name, i.value ?? ""])), ...chosenIn(body) },
      inputs,
    };
  });
}

const isTicked = (type: string): boolean => type === "checkbox" || type === "radio";

/** What the lists of a form send: the option that is selected, or else the first. */
const chosenIn = (body: string): Record<string, string> =>
  Object.fromEntries(
    [...body.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/gi)].flatMap(([, head = "", options = ""]) => {
      const all = [...options.matchAll(/<option\b([^>]*)>/gi)].map(([, attributes = ""]) => attributes);
      const chosen = all.find((attributes) => /\bselected\b/.test(attributes)) ?? all[0];
      const name = attributeOf(head, "name");
      return name === undefined || chosen === undefined ? [] : [[name, attributeOf(chosen, "value") ?? ""]];
    }),
  );

/** A page's text without tags. */
export const plainText = (page: Page): string =>
  decodeEntities(page.text.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, " ").replace(/\s+/g, " ")).trim();

/** A page's main heading. */
export const heading = (page: Page): string =>
  decodeEntities(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(page.text)?.[1] ?? "").trim();

function attributeOf(text: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(text);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? undefined : decodeEntities(value);
}

const named: Readonly<Record<string, string>> = { amp: "&", quot: '"', lt: "<", gt: ">", apos: "'" };

/** Text of an HTML attribute or element. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|quot|lt|gt|apos));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? all;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}
