import { tenantOfUrn } from "../../core/index.ts";
import { plain } from "../failure.ts";

/** A person in words: name, user name and tenant as far as the issuer told them. */
export function formatPerson(person: Readonly<Record<string, unknown>>): string {
  const text = (claim: string): string | undefined => {
    const value = person[claim];
    return typeof value === "string" && value !== "" ? plain(value) : undefined;
  };
  const user = text("preferred_username") ?? text("email") ?? text("sub") ?? "somebody";
  const name = text("name");
  const tenant = text("tenant");
  return `${name === undefined || name === user ? user : `${name} (${user})`}${tenant === undefined ? "" : ` of ${tenantOfUrn(tenant)}`}`;
}
