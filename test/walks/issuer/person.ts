import type { Browser, BrowserContext, Page } from "playwright-core";

/** How long a page may take to come. */
const patience = 20_000;

/** A person of a customer at a real Chromium, on the broker's pages and Keycloak's own ones. */
export class Person {
  readonly email: string;
  readonly #page: Page;

  private constructor(email: string, page: Page) {
    this.email = email;
    this.#page = page;
  }

  /** Opens a browser of one's own, without cookies. The password is the part before the `@`. */
  static async sitDown(browser: Browser, email: string): Promise<Person> {
    // The authority of this run is nobody's; what checks certificates is not the browser here.
    const context: BrowserContext = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    return new Person(email, page);
  }

  /** Opens an address and signs in on the way if asked to. Answers the heading of the page that is reached. */
  async open(url: string): Promise<string> {
    await this.#page.goto(url);
    if ((await this.#arrived()) === "Sign in") {
      await this.#page.fill("#email", this.email);
      await this.#page.click("main button");
      await this.#signInAtKeycloak();
    }
    return this.#arrived();
  }

  /** Follows a device login's link and confirms it. */
  async approveDevice(link: string): Promise<void> {
    this.#expect(await this.open(link), "Log in a terminal");
    this.#expect(await this.press("main button"), "Is this you?");
    this.#expect(await this.press("button[value=approve]"), "Logged in");
  }

  /** Follows a program's authorization request, confirms it, and answers where the program is told. */
  async approveProgram(url: string, redirectUri: string): Promise<URL> {
    this.#expect(await this.open(url), "Log in to a program?");
    return this.pressTowards("button[value=approve]", redirectUri);
  }

  /** Presses a button and answers the heading of the next page. */
  async press(selector: string): Promise<string> {
    await Promise.all([this.#page.waitForEvent("framenavigated"), this.#page.locator(selector).first().click()]);
    return this.#arrived();
  }

  /** Presses a button that leads to an address outside, where nobody listens; answers that address with its parameters. */
  async pressTowards(selector: string, start: string): Promise<URL> {
    await this.#page.route(`${start}**`, (route) => route.fulfill({ body: "the program" }));
    const [request] = await Promise.all([
      this.#page.waitForRequest((r) => r.url().startsWith(start)),
      this.#page.locator(selector).first().click(),
    ]);
    await this.#page.waitForURL(`${start}**`);
    return new URL(request.url());
  }

  /** What the page says. */
  text(): Promise<string> {
    return this.#page.locator("main").innerText();
  }

  /** Name and password on Keycloak's pages, as far as it asks for them. */
  async #signInAtKeycloak(): Promise<void> {
    const name = this.email.split("@")[0] ?? "";
    for (let pages = 0; pages < 3; pages++) {
      await this.#page.waitForSelector("#kc-form-login, main h1");
      await this.#leftBehind();
      if (!(await this.#page.locator("#kc-form-login").isVisible())) return;
      for (const field of ["#username", "#password"]) {
        const input = this.#page.locator(field);
        if ((await input.isVisible()) && (await input.isEditable())) await input.fill(name);
      }
      await Promise.all([this.#page.waitForEvent("framenavigated"), this.#page.click("#kc-login")]);
    }
  }

  /** The heading of a page of ours that leads on no further by itself. */
  async #arrived(): Promise<string> {
    await this.#leftBehind();
    const heading = await this.#page.locator("h1").first().textContent();
    return (heading ?? "").trim();
  }

  /** Waits until no page of ours that leads on by itself is shown. */
  async #leftBehind(): Promise<void> {
    await this.#page.locator('meta[http-equiv="refresh"]').waitFor({ state: "detached" });
    await this.#page.waitForLoadState();
  }

  #expect(found: string, wanted: string): void {
    if (found !== wanted) {
      throw new Error(`${this.email} should see "${wanted}" and sees "${found}" at ${this.#page.url().split("?")[0]}`);
    }
  }
}
