import { Session } from "../session/session.ts";
import type { TargetList } from "../session/targets.ts";
import { examineCloudsYaml } from "./clouds-yaml.ts";
import { examineEnvironment } from "./environment.ts";
import { type Examination, orFinding } from "./examination.ts";
import { examineIssuer } from "./issuer.ts";
import { examineKubeconfig } from "./kubeconfig.ts";
import { examineLogin, examineRights } from "./login.ts";
import { examineOpenstack } from "./openstack.ts";
import { examineProxies, examineSettings } from "./settings.ts";
import { examineStorage } from "./storage.ts";
import { examineTargets } from "./targets.ts";

/** Looks at everything on this machine, and on the way to the broker, that a person's commands need; does no more than these. */
export async function examineMachine(at: Examination): Promise<void> {
  const canAsk = await examineProxies(at);
  const session = await openSession(at);
  const list = session && (await examineSession(at, session, canAsk));
  if (session !== undefined && list !== undefined) await examineTargets(at, session, list);
  examineEnvironment(at);
  if (session !== undefined) await examineKubeconfig(at, session, list);
  await examineCloudsYaml(at, session, list);
  await examineOpenstack(at);
}

async function openSession(at: Examination): Promise<Session | undefined> {
  const { findings, terminal, random } = at;
  const settings = await examineSettings(at);
  if (settings === undefined) return undefined;
  return orFinding(findings, "login folder", () => new Session({ settings, terminal, random }));
}

async function examineSession(at: Examination, session: Session, canAsk: boolean): Promise<TargetList | undefined> {
  const stored = await examineStorage(at, session);
  const answers = canAsk && (await examineIssuer(at, session));
  if (stored === undefined) return undefined;
  await examineLogin(at, session, stored.login);
  const canGoOn = answers && stored.login !== undefined && !stored.isHeld;
  return canGoOn ? examineRights(at, session) : undefined;
}
