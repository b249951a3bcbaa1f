import { parseArgs } from "node:util";
import { systemRandom, targetUrn } from "../core/index.ts";
import { readSettings, type SettingOptions, stateFolder } from "./settings.ts";
import { notify, show, type Terminal } from "./terminal.ts";
import { askedVersion, execCredential } from "./user/exec-credential.ts";
import { formatToken } from "./user/format-token.ts";
import { keptAccess } from "./user/session/kept-access.ts";
import { type Access, clientId } from "./user/session/kept-login.ts";
import { TokenFile } from "./user/session/token-file.ts";

/** A call that the kept login may answer. */
interface Wish {
  readonly target: string;
  readonly settings: SettingOptions;
  format(access: Access): string;
}

/**
 * Answers `kube-credential` and `token` from the kept login: kubectl calls at every request, and waits. It is read and judged
 * by what the whole command reads and judges it with. Anything else (another option, no login, a token that ends, a fault)
 * is left to the whole command, which has the words for it: false. Nothing here may load more than a file of ours and Node's
 * own; a test looks.
 */
export async function answerFromCache(argv: readonly string[], terminal: Terminal): Promise<boolean> {
  try {
    const wish = readWish(argv, terminal);
    if (wish === undefined) return false;
    const { issuer } = await readSettings(wish.settings, terminal.env);
    const notice = notify.bind(null, terminal);
    const login = await new TokenFile(stateFolder(terminal.env), issuer, clientId, systemRandom, notice).peek();
    const access = login && keptAccess(login, targetUrn(wish.target), terminal.clock.now());
    if (access === undefined) return false;
    show(terminal, wish.format(access));
    return true;
  } catch {
    return false;
  }
}

const text = { type: "string" } as const;
const settings = { issuer: text, profile: text, "ca-file": text };

/** What is asked for, where it is asked in the plainest way; unknown options throw. */
function readWish([command, ...args]: readonly string[], { env }: Terminal): Wish | undefined {
  if (command === "kube-credential") {
    const { values } = parseArgs({ args, options: { ...settings, cluster: text } });
    const version = askedVersion(env["KUBERNETES_EXEC_INFO"]);
    return wishOf(values, values.cluster, (access) => execCredential(version, access));
  }
  if (command === "token") {
    const output = { type: "string", short: "o", default: "text" } as const;
    const { values } = parseArgs({ args, options: { ...settings, target: text, output } });
    const { target = "", output: form } = values;
    return ["text", "json"].includes(form)
      ? wishOf(values, target, (access) => formatToken(form, target, access))
      : undefined;
  }
  return undefined;
}

function wishOf(
  { issuer, profile, "ca-file": caFile }: Partial<Record<keyof typeof settings, string>>,
  target: string | undefined,
  format: Wish["format"],
): Wish | undefined {
  if (target === undefined || target === "") return undefined;
  const typed = {
    ...(issuer !== undefined && { issuer }),
    ...(profile !== undefined && { profile }),
    ...(caFile !== undefined && { caFile }),
  };
  return { target, settings: typed, format };
}
