import { ensureSystemPackages } from "./system-packages.ts";

/** Debian's browser, for tests that need a real one. */
export async function chromium(): Promise<{ readonly executable: string }> {
  await ensureSystemPackages(["chromium"]);
  return { executable: "/usr/bin/chromium" };
}
