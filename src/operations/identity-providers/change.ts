import type { Environment } from "../../config/index.ts";
import {
  addIdentityProvider as addToFile,
  type NewCustomer,
  nextStages,
  type RealmFile,
  removable,
  type Stage,
  type WrittenIdentityProvider,
  withoutIdentityProvider,
  withSecret,
  withStage,
  writtenIdentityProviders,
} from "../../realms/index.ts";
import { type Lookup, suggest } from "../../yaml/index.ts";
import { OperationRefused, orRefuse } from "../refused.ts";
import { checkedChange, type FileChange, findListed, findWritten, rulesOf } from "./files.ts";
import type { NewEntry } from "./new-entry.ts";
import { findClient, readSecret, type SecretReference, type SecretVerdict, trySecret } from "./our-client.ts";

/** A change of one identity provider's file, and where it stands. Nothing is written yet. */
export interface IdentityProviderChange {
  readonly change: FileChange;
  readonly realm: string;
  /** Name of its Keycloak in the environment. */
  readonly keycloak: string;
}

interface Deps {
  readonly lookup: Lookup;
}

/** Writes a new one into a file, as a draft. `files`: all that stand beside it. */
export function addIdentityProvider(
  {
    file,
    files,
    entry,
    customer,
  }: {
    readonly file: RealmFile;
    readonly files: readonly RealmFile[];
    readonly entry: NewEntry;
    readonly customer?: NewCustomer;
  },
  deps: Deps,
): IdentityProviderChange {
  const text = addToFile(file, entry, customer);
  const written = orRefuse(writtenIdentityProviders([{ file: file.file, text }]), "the changed file");
  const place = written.find((it) => it.entry["id"] === entry["id"]) ?? { keycloak: "main", realm: "" };
  return { change: checkedChange({ files, file, text }, deps), realm: place.realm, keycloak: place.keycloak };
}

/** Which one is changed, in which files. */
export interface IdentityProviderMeant {
  readonly files: readonly RealmFile[];
  readonly id: string;
}

/** Moves it to the stage that is asked for, if that may be the next one. */
export function stageIdentityProvider(
  {
    files,
    id,
    stage,
    testers,
  }: IdentityProviderMeant & { readonly stage: string; readonly testers: readonly string[] },
  deps: Deps,
): IdentityProviderChange {
  const found = findWritten(files, id);
  return changeOf(found, files, withStage(found, stageAfter(found, stage, testers), testers), deps);
}

function stageAfter({ entry, stage: from }: WrittenIdentityProvider, to: string, testers: readonly string[]): Stage {
  const known = Object.keys(nextStages);
  if (!known.includes(to)) throw new OperationRefused(`"${to}" is not a stage`, { meaning: suggest(to, known) });
  if (testers.length > 0 && to !== "testing") {
    throw new OperationRefused("testers are for the stage testing only", { reason: "testers not meant" });
  }
  if (to === "testing" && testers.length === 0 && entry["testers"] === undefined) {
    throw new OperationRefused("no tester is named", { reason: "testers missing" });
  }
  if (to === from || nextStages[from].includes(to as Stage)) return to as Stage;
  throw new OperationRefused(`it cannot go from ${from} to ${to}`, {
    ...(from === "draft" && { meaning: "Somebody must have tried it before everybody is let in." }),
    remedy: `next may be: ${nextStages[from].join(", ")}`,
  });
}

/** Takes it out of its file. It must be a draft or suspended: that can be taken back, removing cannot. */
export function removeIdentityProvider({ files, id }: IdentityProviderMeant, deps: Deps): IdentityProviderChange {
  const found = findRemovable({ files, id });
  return changeOf(found, files, withoutIdentityProvider(found), deps);
}

/** The one that may be removed; refuses one that is in use. */
export function findRemovable({ files, id }: IdentityProviderMeant): WrittenIdentityProvider {
  const found = findWritten(files, id);
  if (removable.includes(found.stage)) return found;
  throw new OperationRefused(`${id} is ${found.stage}`, {
    meaning: "What is removed cannot be brought back: its people would be new people.",
    reason: "still on",
  });
}

/** What its token endpoint says of a secret that it shall have from now on. */
interface SecretTried {
  readonly issuer: string;
  readonly verdict: Exclude<SecretVerdict, "refused">;
}

/** Tries a new secret at the identity provider itself, without a login; refuses one that is not taken. */
export async function tryNewSecret(
  {
    files,
    id,
    secret: reference,
    environment,
  }: IdentityProviderMeant & { readonly secret: SecretReference; readonly environment?: Environment },
  { lookup }: Deps,
): Promise<SecretTried> {
  findWritten(files, id);
  const rules = rulesOf(environment);
  const secret = readSecret(reference, lookup);
  const client = await findClient(findListed(files, id, lookup), rules);
  const verdict = await trySecret(client, secret, rules);
  if (verdict !== "refused") return { issuer: client.issuer, verdict };
  throw new OperationRefused(`${client.issuer} refuses the new secret for our client ${client.clientId}`, {
    meaning: "Nothing was written: with it nobody could log in.",
    remedy: "look at the secret, and whether it is valid already",
  });
}

/** Names another secret of our client in its file. */
export function rotateClientSecret(
  {
    files,
    id,
    secret,
    expires,
  }: IdentityProviderMeant & { readonly secret: SecretReference; readonly expires?: string },
  deps: Deps,
): IdentityProviderChange {
  const found = findWritten(files, id);
  return changeOf(found, files, withSecret(found, secret, expires), deps);
}

const changeOf = (
  { file, realm, keycloak }: WrittenIdentityProvider,
  files: readonly RealmFile[],
  text: string,
  deps: Deps,
): IdentityProviderChange => ({ change: checkedChange({ files, file, text }, deps), realm, keycloak });
