import type { Page } from "playwright-core";

/** Somebody at the pages in a real browser, mostly a manager at the console; the clicks are counted. */
export class PageVisitor {
  readonly #page: Page;
  readonly #issuer: string;
  #clicks = 0;

  constructor(page: Page, issuer: string) {
    page.setDefaultTimeout(20_000);
    this.#page = page;
    this.#issuer = issuer;
  }

  /** Clicks since the last time that it was asked. */
  takeClicks(): number {
    const clicks = this.#clicks;
    this.#clicks = 0;
    return clicks;
  }

  /** Opens the console, signing in at the customer's own Keycloak on the way, or as a member at the broker's realm. */
  async signIn(
    email: string,
    { password, at = "/console" }: { readonly password?: string; readonly at?: string } = {},
  ): Promise<void> {
    const page = this.#page;
    await this.open(at);
    await page.fill("#email", email);
    await this.click("main button");
    await page.waitForSelector("#password");
    const name = email.split("@")[0] ?? "";
    if (password === undefined) await page.fill("#username", name);
    await page.fill("#password", password ?? name);
    await this.click("#kc-login");
    const wanted = at === "/console" ? /\/console\/[^/]+\/people$/ : new RegExp(`${at}$`);
    if (wanted.test(page.url())) return;
    await page.waitForURL(wanted).catch(async () => {
      throw new Error(
        `${email} is not signed in: “${await this.heading()}” at ${page.url()}\n${await page.textContent("body")}`,
      );
    });
  }

  async open(path: string): Promise<void> {
    await this.#page.goto(`${this.#issuer}${path}`);
  }

  async click(selector: string): Promise<void> {
    this.#clicks++;
    await Promise.all([this.#page.waitForEvent("framenavigated"), this.#page.click(selector)]);
    await this.#page.waitForLoadState("load");
  }

  /** Types into fields of the page, by their ids. */
  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, text] of Object.entries(fields)) await this.#page.fill(`[id='${id}']`, text);
  }

  /** Chooses in lists, by their ids. */
  async choose(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, value] of Object.entries(values)) await this.#page.selectOption(`[id='${id}']`, value);
  }

  /** Chooses one of several, by its id. */
  async press(id: string): Promise<void> {
    this.#clicks++;
    await this.#page.check(`[id='${id}']`);
  }

  /** Ticks a box. */
  async check(name: string): Promise<void> {
    this.#clicks++;
    await this.#page.check(`[name='${name}']`);
  }

  /** Finds somebody by the one search box, and opens the page. */
  async openPerson(search: string): Promise<void> {
    await this.open("/console");
    await this.#page.fill("#search", search);
    await this.click(".search button");
    await this.click("tbody a");
  }

  /** Fills in the form for giving; answers what it says before anything is saved. */
  async wish({ set, at, lastDay }: { set: string; at: readonly string[]; lastDay: string }): Promise<string> {
    await this.#page.selectOption("#set", set);
    for (const target of at) await this.check(`at.${target}`);
    await this.#page.fill("#last-day", lastDay);
    await this.click("main form button");
    return this.read();
  }

  /** What the page says. */
  async read(): Promise<string> {
    return (await this.#page.textContent("main")) ?? "";
  }

  heading = async (): Promise<string> => (await this.#page.textContent("h1")) ?? "";
}
