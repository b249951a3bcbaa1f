import type { Random } from "../../core/index.ts";
import type { Federation } from "./federation.ts";

/** A line of the file with variables. */
interface Variable {
  readonly name: string;
  readonly value: string;
  readonly about: string;
}

const nameIn = (text: string): string => text.toUpperCase().replaceAll("-", "_");

/** Name of the variable that holds the password of our account on a cloud. */
export const cloudVariable = (cloud: string): string => `CLOUD_${nameIn(cloud)}_PASSWORD`;

/** Name of the variable that holds the secret of our client at a customer's identity provider. */
export const customerVariable = (customer: string): string => `IDP_${nameIn(customer)}_SECRET`;

/** Addresses that several files need, and every secret: those that can be made are made. */
function variablesOf(federation: Federation, random: Random): Variable[] {
  const secret = () => Buffer.from(random.bytes(48)).toString("base64url");
  return [
    { name: "CLOUDPASS_ISSUER", value: federation.issuer, about: "Address of the broker. It stands in every token." },
    { name: "KEYCLOAK_URL", value: federation.keycloak, about: "Address of the Keycloak server." },
    {
      name: "MASTER_KEY",
      value: secret(),
      about: "Encrypts and hashes what the store holds. Keep a copy: another one ends every login.",
    },
    ...federation.clouds.map(({ name }) => ({
      name: cloudVariable(name),
      value: secret(),
      about: `Password of the account cloudpass on the cloud ${name}, which you make with it.`,
    })),
    {
      name: "KEYCLOAK_PASSWORD",
      value: "",
      about: `TO BE FILLED IN: password of ${federation.keycloakUser} at the Keycloak server.`,
    },
    ...federation.customers.map(({ name }) => ({
      name: customerVariable(name),
      value: "",
      about: `TO BE FILLED IN: secret of the client cloudpass-broker at the identity provider of ${name}.`,
    })),
  ];
}

/** The file with the variables, and the names of those that somebody must fill in. */
export function variablesFile(
  federation: Federation,
  random: Random,
): { readonly text: string; readonly missing: readonly string[] } {
  const variables = variablesOf(federation, random);
  const lines = variables.map(({ name, value, about }) => `# ${about}\n${name}=${value}`);
  return {
    text: `# Addresses that several files need, and every secret. Only you may read this file (0600): keep it so, and out of Git.
# In a shell: set -a; . ./cloudpass.env; set +a     systemd: EnvironmentFile=     containers: --env-file
${lines.join("\n")}
`,
    missing: variables.filter(({ value }) => value === "").map(({ name }) => name),
  };
}
