import { isAbsolute, relative } from "node:path";
import type { Random } from "../../core/index.ts";
import type { Federation } from "./federation.ts";
import { customerFile, targetsFile } from "./policy-files.ts";
import { brokerFile, environmentFile, type NamedIn, realmFile } from "./server-files.ts";
import { variablesFile } from "./variables.ts";

/** A file of a new folder. */
export interface FirstFile {
  /** Below the folder. */
  readonly file: string;
  readonly text: string;
  /** Nobody but its owner may read it. */
  readonly isSecret: boolean;
  /** What is in it. */
  readonly about: string;
}

/** All that a broker needs in its folder, and what somebody must fill in. */
export interface FirstFiles {
  readonly files: readonly FirstFile[];
  /** Variables of `cloudpass.env` without a value yet. */
  readonly missing: readonly string[];
}

const ignored = `# Secrets, keys, and what is made here.
cloudpass.env
keys.json
*.kubeconfig
audit*.jsonl*
rendered/
`;

/** A file inside of the folder goes with it; any other one keeps its place. */
export const namedFrom =
  (folder: string): NamedIn =>
  (absolute) => {
    const inside = relative(folder, absolute);
    return inside.startsWith("..") || isAbsolute(inside) ? absolute : inside;
  };

/** Makes the files in memory. */
export async function makeFirstFiles(federation: Federation, named: NamedIn, random: Random): Promise<FirstFiles> {
  const variables = variablesFile(federation, random);
  const open = (file: string, text: string, about: string): FirstFile => ({ file, text, about, isSecret: false });
  return {
    files: [
      open("broker.yaml", brokerFile(federation, named), "the broker's configuration"),
      open("environment.yaml", environmentFile(federation, named), "where the servers are, and with which account"),
      open(
        `realms/${federation.realm}.yaml`,
        await realmFile(federation),
        "the realm at Keycloak: customers and sign-in",
      ),
      open("policies/targets.yaml", targetsFile(federation), "clouds, clusters, and what may ever be given"),
      ...federation.customers.map((customer) =>
        open(`policies/${customer.name}.yaml`, customerFile(customer, federation), `who of ${customer.name} gets what`),
      ),
      { file: "cloudpass.env", text: variables.text, about: "addresses and every secret", isSecret: true },
      open(".gitignore", ignored, "what belongs into no repository"),
    ],
    missing: variables.missing,
  };
}
