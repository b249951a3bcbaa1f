import type { Page } from "playwright-core";

/** Alice, who manages customer A, at the console in a real browser; counts her clicks. */
export class Alice {
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

  /** Opens the console, signing in at the customer's own Keycloak on the way. */
  async signIn(email: string): Promise<void> {
    const page = this.#page;
    await this.open("/console");
    await page.fill("#email", email);
    await this.click("main button");
    await page.waitForSelector("#username");
    const name = email.split("@")[0] ?? "";
    for (const field of ["#username", "#password"]) await page.fill(field, name);
    await this.click("#kc-login");
    await page.waitForURL(/\/console\/.*\/people$/);
  }

  async open(path: string): Promise<void> {
    await this.#page.goto(`${this.#issuer}${path}`);
  }

  async click(selector: string): Promise<void> {
    this.#clicks++;
    await Promise.all([this.#page.waitForEvent("framenavigated"), this.#page.click(selector)]);
    await this.#page.waitForLoadState("load");
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
    for (const target of at) {
      this.#clicks++;
      await this.#page.check(`[name='at.${target}']`);
    }
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
