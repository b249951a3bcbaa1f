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
  /** Which pages; all if not said. */
  readonly only?: readonly string[];
}

const albums: readonly Album[] = [
  { locale: "en-GB", width: 720, mark: "" },
  { locale: "en-GB", width: 360, mark: "-phone", only: ["confirm", "confirm-far", "account"] },
  { locale: "de-DE", width: 720, mark: "-de", only: ["confirm", "confirm-far"] },
  { locale: "en-GB", width: 720, mark: "-dark", dark: true, only: ["confirm-far"] },
];

const browser = await startRealBrowser();
try {
  for (const { locale, width, dark, mark, only } of albums) {
    const broker = await bootGallery();
    const colorScheme = dark ? "dark" : "light";
    const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 400 } });
    await walkGallery(context, broker, async (name, page) => {
      if (only && !only.includes(name)) return;
      await page.screenshot({ path: `${folder}${name}${mark}.png`, fullPage: true });
    });
    await context.close();
    await broker.stop();
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${folder}`);
