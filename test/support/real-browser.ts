import { type Browser, type LaunchOptions, chromium as launcher } from "playwright-core";
import { chromium } from "../rigs/index.ts";

/** Flags for a machine without a network: the browser looks for nothing but the page. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Who ends it on Ctrl-C: the browser's own driver, which then ends the program, or the program. */
type Signals = Pick<LaunchOptions, "handleSIGINT" | "handleSIGTERM" | "handleSIGHUP">;

/** A real Chromium. Throws `RigAbsent` when this machine cannot have one. */
export async function startRealBrowser(signals: Signals = {}): Promise<Browser> {
  const { executable } = await chromium();
  return launcher.launch({ executablePath: executable, args, ...signals });
}
