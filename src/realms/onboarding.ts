import { err, ok, type Result } from "../core/index.ts";
import {
  editYaml,
  type Lookup,
  type Path,
  type Problem,
  parseYaml,
  quotedValue,
  type YamlEditor,
} from "../yaml/index.ts";
import { type RealmFile, readRealms } from "./format/load.ts";
import type { Stage } from "./format/model.ts";

/*
 * Changes of realm files, one identity provider at a time: text in, text out. The command asks, shows and writes; the
 * console will write the same files.
 */

/** Where a file names an identity provider. */
export interface WrittenIdentityProvider {
  readonly file: RealmFile;
  /** Which document of the file. */
  readonly document: number;
  readonly path: Path;
  readonly realm: string;
  /** Name of the Keycloak in the environment file. */
  readonly keycloak: string;
  /** As it is written, references and all. */
  readonly entry: Readonly<Record<string, unknown>>;
  readonly stage: Stage;
}

/** Stages that may follow one; whoever is to be removed is switched off first, since that can be taken back. */
export const nextStages: Readonly<Record<Stage, readonly Stage[]>> = {
  draft: ["testing"],
  testing: ["active", "draft", "suspended"],
  active: ["suspended", "testing"],
  suspended: ["testing", "active"],
};

/** Stages at which it may be removed. */
export const removable: readonly Stage[] = ["draft", "suspended"];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listIn = (value: unknown, name: string): readonly unknown[] => {
  const list = isRecord(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
};

/** Every identity provider that the files name, as written: nothing is looked up, so nothing can be missing. */
export function writtenIdentityProviders(
  files: readonly RealmFile[],
): Result<readonly WrittenIdentityProvider[], Problem[]> {
  const found: WrittenIdentityProvider[] = [];
  for (const file of files) {
    const parsed = parseYaml(file.text, file.file);
    if (!parsed.ok) return parsed;
    for (const [document, { value }] of parsed.value.entries()) {
      for (const [n, entry] of listIn(value, "upstreams").entries()) {
        if (!isRecord(entry) || !isRecord(value)) continue;
        const stage = (entry["stage"] ?? "active") as Stage;
        const [realm, keycloak] = [quotedValue(value["realm"] ?? ""), quotedValue(value["keycloak"] ?? "main")];
        found.push({ file, document, path: ["upstreams", n], realm, keycloak, entry, stage });
      }
    }
  }
  return ok(found);
}

/** The customer that a new identity provider is for. */
export interface NewCustomer {
  readonly organization: string;
  readonly name: string;
  readonly domains: readonly string[];
}

/** Writes a new identity provider into the first document of a file; with a customer, also into its organization. */
export function addIdentityProvider(
  file: RealmFile,
  entry: Readonly<Record<string, unknown>>,
  customer: NewCustomer | undefined,
): string {
  return editYaml(file.text, 0, (document) => {
    document.add(["upstreams"], entry);
    if (customer !== undefined) joinOrganization(file, document, String(entry["id"]), customer);
  });
}

function joinOrganization(file: RealmFile, document: YamlEditor, id: string, customer: NewCustomer): void {
  const at = organizationsOf(file, 0).findIndex((it) => it["id"] === customer.organization);
  if (at >= 0) return document.add(["organizations", at, "upstreams"], id);
  const { organization, name, domains } = customer;
  document.add(["organizations"], { id: organization, name, domains, login: id });
}

function organizationsOf(file: RealmFile, document: number): readonly Record<string, unknown>[] {
  const parsed = parseYaml(file.text, file.file);
  return parsed.ok ? listIn(parsed.value[document]?.value, "organizations").filter(isRecord) : [];
}

/** Writes another stage; `testers` only at testing, where they mean something. */
export const withStage = (at: WrittenIdentityProvider, stage: Stage, testers: readonly string[]): string =>
  editYaml(at.file.text, at.document, (document) => {
    document.set([...at.path, "stage"], stage);
    if (stage !== "testing") document.remove([...at.path, "testers"]);
    else if (testers.length > 0) document.set([...at.path, "testers"], testers);
  });

/** Writes another reference to the client's secret, and the day on which it ends. */
export const withSecret = (
  at: WrittenIdentityProvider,
  secret: { readonly env: string } | { readonly file: string },
  expires: string | undefined,
): string =>
  editYaml(at.file.text, at.document, (document) => {
    document.set([...at.path, "client", "secret"], secret);
    if (expires === undefined) document.remove([...at.path, "client", "expires"]);
    else document.set([...at.path, "client", "expires"], expires);
  });

/** Takes an identity provider out of the file, and out of the file's organizations. */
export const withoutIdentityProvider = (at: WrittenIdentityProvider): string =>
  editYaml(at.file.text, at.document, (document) => {
    const id = at.entry["id"];
    for (const [n, organization] of organizationsOf(at.file, at.document).entries()) {
      if (organization["login"] === id) document.remove(["organizations", n, "login"]);
      const index = listIn(organization, "upstreams").indexOf(id);
      if (index >= 0) document.remove(["organizations", n, "upstreams", index]);
    }
    document.remove(at.path);
  });

/** Organizations of the files that name an identity provider. */
export const organizationsWith = (files: readonly RealmFile[], id: string): readonly string[] =>
  files.flatMap((file) => {
    const parsed = parseYaml(file.text, file.file);
    const count = parsed.ok ? parsed.value.length : 0;
    const all = Array.from({ length: count }, (_, n) => organizationsOf(file, n)).flat();
    return all
      .filter((it) => it["login"] === id || listIn(it, "upstreams").includes(id))
      .map((it) => quotedValue(it["id"]));
  });

/**
 * Checks files of which one was changed: only what the change brought counts, so that a secret that is not at hand here
 * does not stand in the way.
 */
export function checkChange(
  files: readonly RealmFile[],
  changed: RealmFile,
  lookup: Lookup,
): Result<undefined, Problem[]> {
  const key = ({ path, message }: Problem) => `${path}: ${message}`;
  const before = new Set(readRealms(files, lookup).problems.map(key));
  const after = files.some(({ file }) => file === changed.file)
    ? files.map((it) => (it.file === changed.file ? changed : it))
    : [...files, changed];
  const brought = readRealms(after, lookup).problems.filter((problem) => !before.has(key(problem)));
  return brought.length > 0 ? err(brought) : ok(undefined);
}
