import { resolve } from "node:path";
import {
  checkAddress,
  checkName,
  type Federation,
  OperationRefused,
  readCustomer,
  readTarget,
} from "../../../operations/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import { askUnlessEnded, isInteractive, notify, type Terminal } from "../../terminal.ts";

/** What was given on the command line. */
export interface Answers {
  readonly issuer?: string;
  readonly keycloak?: string;
  readonly keycloakUser: string;
  readonly realm: string;
  readonly cloud?: readonly string[];
  readonly cluster?: readonly string[];
  readonly customer?: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly caFile?: string;
}

/** Takes what was given, and asks for the rest where somebody is there to be asked. */
export async function askForFederation(terminal: Terminal, given: Answers): Promise<Federation> {
  refuseHalf(given);
  if (!isInteractive(terminal)) refuseMissing(given);
  const one = <T>(text: string | undefined, question: string, read: (text: string) => T): Promise<T> | T =>
    text === undefined ? untilRead(terminal, question, read) : read(text);
  const some = async <T>(texts: readonly string[] | undefined, question: string, read: (text: string) => T) =>
    texts === undefined ? untilEmpty(terminal, question, read) : texts.map(read);

  const issuer = await one(given.issuer, "Address of the broker, such as https://login.example", (text) =>
    checkAddress(text, "a broker"),
  );
  const keycloak = await one(given.keycloak, "Address of the Keycloak server", (text) =>
    checkAddress(text, "a server"),
  );
  const noTarget = given.cloud === undefined && given.cluster === undefined;
  const ifAsked = (texts: readonly string[] | undefined) => texts ?? (noTarget ? undefined : []);
  const clouds = await some(
    ifAsked(given.cloud),
    "A cloud and its Keystone, such as gx1=https://api.gx1.example:5000/v3",
    (text) => readTarget(text, "cloud"),
  );
  const clusters = await some(
    ifAsked(given.cluster),
    "A cluster and its API server, such as prod1=https://k8s.prod1.example:6443",
    (text) => readTarget(text, "cluster"),
  );
  const customers = await some(
    given.customer,
    "A customer, its e-mail domain and the issuer of its identity provider, such as acme=acme.example,https://idp.acme.example",
    readCustomer,
  );
  const { tlsCert, tlsKey, caFile } = given;
  return {
    ...{ issuer, keycloak, clouds, clusters, customers },
    keycloakUser: checkUser(given.keycloakUser),
    realm: checkName(given.realm, "realm"),
    ...(tlsCert !== undefined && tlsKey !== undefined && { tls: { cert: resolve(tlsCert), key: resolve(tlsKey) } }),
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
  };
}

function checkUser(name: string): string {
  if (/^[A-Za-z][\w.@+-]*$/.test(name)) return name;
  throw new CommandFailure(`"${plain(name)}" is no user name`, { fix: "give --keycloak-user admin, or whoever it is" });
}

function refuseHalf({ tlsCert, tlsKey }: Answers): void {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return;
  throw new CommandFailure("certificate and key belong together", { fix: "give both --tls-cert and --tls-key" });
}

/** All at once, so that a script need not be run again for each. */
function refuseMissing({ issuer, keycloak, cloud, cluster, customer }: Answers): void {
  const missing = [
    ...(issuer === undefined ? ["--issuer https://…"] : []),
    ...(keycloak === undefined ? ["--keycloak https://…"] : []),
    ...(cloud === undefined && cluster === undefined ? ["--cloud NAME=https://…/v3 or --cluster NAME=https://…"] : []),
    ...(customer === undefined ? ["--customer NAME=DOMAIN,ISSUER"] : []),
  ];
  if (missing.length === 0) return;
  throw new CommandFailure("not everything was given, and nobody is here to be asked", {
    means: "Nothing was written.",
    fix: `give ${missing.join(", ")}; what they mean: cloudpass init --help`,
  });
}

/** Who leaves has not said "no more": nothing is made of half the answers. */
async function askLine(terminal: Terminal, question: string): Promise<string> {
  const answer = await askUnlessEnded(terminal, `${question}: `);
  if (answer === undefined) throw new CommandFailure("interrupted", { means: "Nothing was written." });
  return answer.trim();
}

/** Asks until the answer can be used. */
async function untilRead<T>(terminal: Terminal, question: string, read: (text: string) => T): Promise<T> {
  for (;;) {
    const answer = await askLine(terminal, question);
    if (answer === "") throw new CommandFailure(`no answer to “${question}”`, { means: "Nothing was written." });
    const value = attempt(terminal, () => read(answer));
    if (value !== undefined) return value;
  }
}

/** Asks for one after the other, until nothing is answered. */
async function untilEmpty<T>(terminal: Terminal, question: string, read: (text: string) => T): Promise<T[]> {
  const values: T[] = [];
  for (;;) {
    const answer = await askLine(terminal, `${values.length === 0 ? question : "One more"} (Enter: no more)`);
    if (answer === "") return values;
    const value = attempt(terminal, () => read(answer));
    if (value !== undefined) values.push(value);
  }
}

function attempt<T>(terminal: Terminal, read: () => T): T | undefined {
  try {
    return read();
  } catch (problem) {
    if (!(problem instanceof OperationRefused)) throw problem;
    notify(terminal, `  ${plain(problem.message)}: ${plain(problem.remedy ?? "")}`);
    return undefined;
  }
}
