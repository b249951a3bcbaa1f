import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bootGallery, walkGallery } from "../test/support/gallery.ts";
import { startRealBrowser } from "../test/support/real-browser.ts";

// Pictures of the pages for the docs, taken from a running broker: `npm run screenshots`.

const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
await mkdir(folder, { recursive: true });

interface Album {
  readonly locale: string;
  readonly width: number;
  readonly dark?: boolean;
  /** End of the files' names. */
  readonly mark: string;
  /** Which pages. */
  readonly only: (name: string) => boolean;
}

/** Its tables need room. */
function isOfConsole(name: string): boolean {
  return name.startsWith("console");
}
const some =
  (...names: readonly string[]) =>
  (name: string) =>
    names.includes(name);

const albums: readonly Album[] = [
  { locale: "en-GB", width: 720, mark: "", only: (name) => !isOfConsole(name) },
  { locale: "en-GB", width: 1000, mark: "", only: isOfConsole },
  { locale: "en-GB", width: 360, mark: "-phone", only: some("confirm", "confirm-far", "account") },
  { locale: "de-DE", width: 720, mark: "-de", only: some("confirm", "confirm-far") },
  { locale: "en-GB", width: 720, mark: "-dark", dark: true, only: some("confirm-far") },
];

const browser = await startRealBrowser();
try {
  for (const { locale, width, dark, mark, only } of albums) {
    const broker = await bootGallery();
    const colorScheme = dark ? "dark" : "light";
    const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 400 } });
    await walkGallery(context, broker, async (name, page) => {
      if (!only(name)) return;
      await page.screenshot({ path: `${folder}${name}${mark}.png`, fullPage: true });
    });
    await context.close();
    await broker.stop();
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${folder}`);
