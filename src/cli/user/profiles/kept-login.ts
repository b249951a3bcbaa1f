import { systemRandom } from "../../../core/index.ts";
import type { Profile } from "../../profile.ts";
import { stateFolder } from "../../settings.ts";
import { notify, type Terminal } from "../../terminal.ts";
import { clientId, type KeptLogin } from "../session/kept-login.ts";
import { TokenFile } from "../session/token-file.ts";

/** The login that is kept on this machine for a profile's issuer, if any, without what may be sealed of it. */
export const keptLogin = ({ issuer }: Pick<Profile, "issuer">, terminal: Terminal): Promise<KeptLogin | undefined> =>
  new TokenFile(stateFolder(terminal.env), issuer, clientId, systemRandom, notify.bind(null, terminal)).peek();
