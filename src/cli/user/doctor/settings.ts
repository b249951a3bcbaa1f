import { proxiesOf } from "../../network.ts";
import { readSettings, type Settings } from "../../settings.ts";
import { type Examination, orFinding } from "./examination.ts";

/** Which broker is meant, and by what; `undefined` where that cannot be known. */
export async function examineSettings({ findings, options, terminal }: Examination): Promise<Settings | undefined> {
  const settings = await orFinding(findings, "settings", () => readSettings(options, terminal.env));
  if (settings !== undefined) findings.ok("settings", `the broker is ${settings.issuer}`);
  return settings;
}

/** Whether the proxies of the environment can be understood, and which are used. False: nothing can be asked. */
export async function examineProxies({ findings, terminal }: Examination): Promise<boolean> {
  const read = await orFinding(findings, "proxy", () => ({ proxies: proxiesOf(terminal.env) }));
  if (read === undefined) return false;
  const { proxies } = read;
  const names = ["HTTPS_PROXY", "HTTP_PROXY"].filter((name) => proxies !== undefined && name in proxies);
  findings.ok(
    "proxy",
    names.length === 0 ? "none is set" : `${names.join(" and ")} is used, but not for ${proxies?.NO_PROXY}`,
  );
  return true;
}
