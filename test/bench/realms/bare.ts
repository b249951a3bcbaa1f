import { atMost } from "../../../src/core/index.ts";

/** A token for the reads. Taken outside of what is timed: checking a password takes Keycloak as long as a small plan. */
export async function bearerFor(url: string, username: string, password: string): Promise<string> {
  const form = { grant_type: "password", client_id: "admin-cli", username, password };
  const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/**
 * The reads that a plan of the bench's realm needs, with nothing around them: no comparing, no retries, no ownership.
 * Answers how many requests it took. Four in flight, as the project has it.
 */
export async function readBare(url: string, realm: string, bearer: string): Promise<number> {
  const turn = atMost(4);
  let requests = 0;
  const read = (path: string, method = "GET") =>
    turn(async () => {
      requests++;
      const answer = await fetch(`${url}/admin/realms/${realm}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}` },
      });
      return (await answer.json()) as { id: string }[];
    });
  const groups = "briefRepresentation=false&subGroupsCount=false&max=1000";
  await read("/partial-export?exportClients=false&exportGroupsAndRoles=false", "POST");
  const [parents] = await Promise.all([read(`/groups?${groups}`), read("/clients")]);
  await Promise.all(parents.map(({ id }) => read(`/groups/${id}/children?${groups}`)));
  return requests;
}
