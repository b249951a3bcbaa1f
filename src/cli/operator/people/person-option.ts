import type { Environment } from "../../../config/index.ts";
import { type Random, type SubjectId, systemRandom } from "../../../core/index.ts";
import { type BrokerState, findPeople, type NamedPerson } from "../../../operations/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import { readPolicy } from "../files.ts";

/**
 * The person meant by `p-…` or `upstream:ALIAS/USERNAME`. The broker knows the names of those who are signed in; with an
 * environment file Keycloak is asked for the others. Throws a failure for a person whom nobody knows.
 */
export async function personNamed(
  named: string,
  environment: Environment | undefined,
  state: BrokerState,
  random: Random = systemRandom,
): Promise<NamedPerson> {
  if (/^p-[0-9a-f]{40}$/.test(named)) return { sub: named as SubjectId };
  const [, alias, name] = /^upstream:([^/]+)\/(.+)$/s.exec(named) ?? [];
  if (alias === undefined || name === undefined) {
    throw new CommandFailure(`"${plain(named)}" is not a person`, { fix: "give p-… or upstream:ALIAS/USERNAME" });
  }
  const { policies, policyRepository } = state.config;
  const policy = () => readPolicy(state, [...policies, ...(policyRepository ? [policyRepository.folder] : [])]);
  const question = { alias, name, policy, ...(environment !== undefined && { environment }) };
  const [person, ...more] = await findPeople(question, { ...state, random });
  if (more.length > 0 && person !== undefined) throw tooMany([person, ...more]);
  if (person !== undefined) return person;
  throw new CommandFailure(`nobody is signed in as ${plain(name)} of ${plain(alias)}`, {
    means: `Names are those of the last sign-in.${environment === undefined ? "" : " Keycloak knows none either."} Nothing was done.`,
    fix:
      environment === undefined
        ? "give --environment: Keycloak also knows those who are not signed in"
        : "run: cloudpass people list; it names people by their id (p-…)",
  });
}

const tooMany = (found: readonly NamedPerson[]): CommandFailure =>
  new CommandFailure(`${found.length} people are known under this name`, {
    means: "It was given to somebody else meanwhile, or names differ in case and blanks only. Nothing was done.",
    fix: `name one of: ${found.map(({ sub }) => sub).join(", ")}`,
  });
