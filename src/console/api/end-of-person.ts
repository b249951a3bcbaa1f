import { z } from "zod";
import { endPerson } from "../../operations/index.ts";
import { answer, apiOperation, noQuery } from "./operation.ts";
import { ofTenant, pathName } from "./shapes.ts";

export const endedShape = z
  .object({
    logins: z.int().describe("how many logins of programs were ended"),
    browsers: z.int().describe("how many browsers were signed out"),
    realm: z.enum(["ended", "no answer"]).describe("whether Keycloak ended its own sessions, too; if not, call again"),
    refused_for: z.int().describe("for so many seconds the person cannot sign in"),
  })
  .describe("what was ended");

/** Ends all that a person has open. */
export const endOfPerson = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/people/{person}/end",
  id: "endPerson",
  summary: "Ends all logins and sessions of a person, and tells the clouds",
  description:
    "Whoever can still sign in at the identity provider comes back after a while: close the account there. The same call " +
    "again carries on.",
  params: { ...ofTenant, person: pathName.describe("the person's `sub`") },
  query: noQuery,
  fresh: true,
  answers: { 200: endedShape },
  handle: async ({ params }, deps, caller) => {
    const done = await endPerson({ tenant: params.tenant, sub: params.person }, deps, caller);
    if (!done.ok) return done;
    const { refusedFor, ...rest } = done.value;
    return answer(200, { ...rest, refused_for: refusedFor });
  },
});
