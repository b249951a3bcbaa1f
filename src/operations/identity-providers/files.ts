import { renameSync, writeFileSync } from "node:fs";
import type { Environment } from "../../config/index.ts";
import { type FetchRules, rulesFor } from "../../http-client/index.ts";
import {
  checkChange,
  type ListedIdentityProvider,
  listIdentityProviders,
  type RealmFile,
  type WrittenIdentityProvider,
  writtenIdentityProviders,
} from "../../realms/index.ts";
import { type Lookup, suggest } from "../../yaml/index.ts";
import { OperationRefused, orRefuse } from "../refused.ts";

/** How identity providers may be asked: as the environment says, or only where everybody could. */
export const rulesOf = (environment: Pick<Environment, "probe"> | undefined): FetchRules =>
  rulesFor(environment?.probe.allow ?? [], { proxy: environment?.probe.proxy });

/** The one identity provider of this id, as it is written. */
export function findWritten(files: readonly RealmFile[], id: string): WrittenIdentityProvider {
  const all = orRefuse(writtenIdentityProviders(files), "the realms");
  const found = all.find(({ entry }) => entry["id"] === id);
  if (found !== undefined) return found;
  throw unknownIdentityProvider(
    id,
    all.map(({ entry }) => String(entry["id"])),
  );
}

/** The one identity provider of this id, with everything filled in. */
export function findListed(files: readonly RealmFile[], id: string, lookup: Lookup): ListedIdentityProvider {
  const all = orRefuse(listIdentityProviders(files, lookup), "the realms");
  const found = all.find(({ alias }) => alias === id);
  if (found !== undefined) return found;
  throw unknownIdentityProvider(
    id,
    all.map(({ alias }) => alias),
  );
}

const unknownIdentityProvider = (id: string, known: readonly string[]): OperationRefused =>
  new OperationRefused(`the files name no identity provider "${id}"`, { meaning: suggest(id, known) });

/** A changed text of a realm file, checked together with the files beside it. */
export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly text: string;
}

/** Checks a new text of a file together with all others; refuses one that the realms could not be made from. */
export function checkedChange(
  { files, file, text }: { readonly files: readonly RealmFile[]; readonly file: RealmFile; readonly text: string },
  { lookup }: { readonly lookup: Lookup },
): FileChange {
  orRefuse(checkChange(files, { file: file.file, text }, lookup), "the changed file");
  return { file: file.file, before: file.text, text };
}

/** Writes a change: whole or not at all. A broker that reads the file meanwhile sees the old one or the new one. */
export function writeChange({ file, text }: FileChange): void {
  try {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw new OperationRefused(`${file} cannot be written`, { remedy: "check folder and permissions", cause });
  }
}
