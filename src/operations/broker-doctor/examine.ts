import { type BrokerConfig, readConfig, readYamlFiles } from "../../config/index.ts";
import { type Clock, type Finding, type Findings, makeFindings, type Random } from "../../core/index.ts";
import { listIdentityProviders } from "../../realms/index.ts";
import type { Lookup, Problem } from "../../yaml/index.ts";
import type { WithBrokerState } from "../broker-state.ts";
import { loadBroker } from "../configuration/load-broker.ts";
import { checkIdentityProvider } from "../identity-providers/check.ts";
import { openIfThere } from "../policies/texts.ts";
import type { Listener } from "../progress.ts";
import { askServer, type Proxies } from "./ask-server.ts";
import { checkMail } from "./mail.ts";
import { checkOwnState } from "./own-state.ts";

/** Which broker is looked at. */
interface BrokerExamination {
  /** `broker.yaml` as it was named. */
  readonly configFile: string;
}

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
  readonly lookup: Lookup;
  readonly listener: Listener;
  readonly proxyOf: Proxies;
  readonly open: WithBrokerState;
}

/** What was found, from the name of the broker to its customers' identity providers. */
interface BrokerReport {
  readonly about: string;
  readonly findings: readonly Finding[];
}

/**
 * Walks the whole chain that a login goes: configuration, name, TLS, proxy, Keycloak and our key there, store, keys, audit,
 * mail, clocks and each identity provider. One that is broken hides no other. Writes nothing, and never throws a `Fault`.
 */
export async function examineBroker(wanted: BrokerExamination, deps: Deps): Promise<BrokerReport> {
  const { configFile } = wanted;
  const findings = makeFindings();
  const looking = (at: string) => deps.listener({ kind: "looking", at });
  await checkConfiguration(configFile, findings, deps);
  const read = readConfig(configFile, deps.lookup, "when used");
  if (!read.ok) return { about: `broker of ${configFile}`, findings: findings.list };
  const config = read.value.value;
  looking("the broker");
  await checkIssuer(config, configFile, findings, deps);
  looking("Keycloak");
  const keycloak = await checkKeycloak(config, findings, deps);
  looking("its state");
  await checkOwnState(config, { configFile, keycloak }, findings, deps);
  await checkMail(config, findings);
  for (const one of await identityProvidersOf(config, findings, deps)) {
    looking(`the identity provider ${one.alias}`);
    await checkCustomer(one, config, findings, deps);
  }
  return { about: `broker ${config.issuer}`, findings: findings.list };
}

async function checkConfiguration(file: string, findings: Findings, { lookup, clock }: Deps): Promise<void> {
  const loaded = await loadBroker(file, { lookup, clock, open: openIfThere(clock) });
  if (!loaded.ok) return addProblems(loaded.refusal.problems, "fail", findings);
  await loaded.value.repository?.close();
  addProblems(loaded.value.warnings, "warn", findings);
  const { config, policy } = loaded.value;
  findings.ok("configuration", `good: ${policy.targets.size} targets, ${policy.tenants.size} tenants`);
  const { tls, host } = config.listen;
  if (tls !== undefined || !config.issuer.startsWith("https:")) return;
  if (config.trustedProxies.length === 0) {
    const message = "a proxy must end TLS, and none is trusted: everybody seems to come from its address";
    findings.warn("proxy", message, `add to ${file}: trustedProxies: [<address of the proxy>]`);
  } else findings.ok("proxy", `what ${config.trustedProxies.join(", ")} says of clients is believed`);
  if (host === "0.0.0.0" || host === "::") {
    const message = "it listens for plain http on every network";
    findings.warn("proxy", message, "let only the proxy reach that port, or listen on 127.0.0.1");
  }
}

function addProblems(problems: readonly Problem[], level: "warn" | "fail", findings: Findings): void {
  for (const problem of problems) {
    findings[level](
      "configuration",
      `${problem.file}:${problem.line}: ${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`,
      problem.fix ?? "mend the file",
    );
  }
}

/** Whether people, clouds and clusters find the broker where its address says. */
async function checkIssuer(config: BrokerConfig, file: string, findings: Findings, deps: Deps): Promise<void> {
  const url = `${config.issuer}/.well-known/openid-configuration`;
  const start = `start the broker: cloudpass serve --config ${file}`;
  const server = { about: "broker", url, written: "issuer", start };
  const answer = await askServer(server, { ...deps, findings });
  if (answer === undefined) return;
  if (answer.json?.["issuer"] === config.issuer) findings.ok("broker: issuer", "the one of the configuration answers");
  else {
    const message = "something else than this broker answers there";
    findings.fail("broker: issuer", message, "lead the whole host to the broker at the proxy, or correct issuer");
  }
}

/** Whether the realm is there, and is called as the configuration says. */
async function checkKeycloak({ upstream }: BrokerConfig, findings: Findings, deps: Deps): Promise<boolean> {
  const url = `${upstream.issuer}/.well-known/openid-configuration`;
  const written = "upstream.issuer";
  const server = { about: "Keycloak", url, written, start: "start Keycloak, or correct upstream.issuer" };
  const answer = await askServer(server, { ...deps, findings });
  if (answer === undefined) return false;
  const said = answer.json?.["issuer"];
  if (answer.status === 404) {
    const message = `there is no realm at ${upstream.issuer}`;
    findings.fail("Keycloak: realm", message, "make it: cloudpass realms apply --environment environment.yaml");
    return false;
  }
  if (said === upstream.issuer) {
    findings.ok("Keycloak: realm", "is there, under the name of the configuration");
    return true;
  }
  const message = typeof said === "string" ? `calls itself ${said}` : `answers ${answer.status}, and not as a realm`;
  const remedy = "correct upstream.issuer, or Keycloak's KC_HOSTNAME: they are compared byte for byte";
  findings.fail("Keycloak: realm", message, remedy);
  return false;
}

interface ListedCustomer {
  readonly alias: string;
  readonly issuer: string;
}

async function identityProvidersOf(
  { realms }: BrokerConfig,
  findings: Findings,
  { lookup }: Deps,
): Promise<readonly ListedCustomer[]> {
  const files = readYamlFiles(realms);
  const listed = files.ok ? listIdentityProviders(files.value, lookup) : files;
  if (!listed.ok) return []; // said of the configuration
  if (listed.value.length === 0) {
    const remedy = "connect one: cloudpass idp add realms/cloudpass.yaml";
    findings.warn("identity providers", "the realm files name none: nobody can sign in", remedy);
  }
  return listed.value.flatMap(({ alias, issuer, stage, template }) =>
    template === "saml" || issuer === "" || stage === "suspended" ? [] : [{ alias, issuer }],
  );
}

/** What is good of it is said in one line: `idp check` says all. */
async function checkCustomer(
  { alias, issuer }: ListedCustomer,
  { probe }: BrokerConfig,
  findings: Findings,
  { clock }: Deps,
): Promise<void> {
  const report = await checkIdentityProvider({ subject: { address: issuer }, environment: { probe } }, { clock });
  const bad = report.findings.filter(({ level }) => level !== "ok");
  const about = `identity provider ${alias}`;
  for (const { level, about: part, message, remedy = "" } of bad) {
    if (level !== "ok") findings[level](`${about}: ${part}`, message, remedy);
  }
  if (bad.length === 0) findings.ok(about, `${report.findings.length} things are as they must be`);
}
