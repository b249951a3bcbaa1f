import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { openstackClient } from "../../rigs/index.ts";
import { type Person, placeOf } from "../../support/stack-person.ts";
import type { World } from "./world.ts";

const run = promisify(execFile);

/** Whether released `openstack` gets a token for project prod in the person's name: `yes`, or `no` where the cloud refuses. */
export async function byOpenstack({ stack }: World, person: Person, cloud: "gx1" | "gx2"): Promise<string> {
  const { openstack } = await openstackClient();
  const { project, domain } = placeOf(cloud, "prod") as { readonly project: string; readonly domain: string };
  const env = {
    ...{ PATH: process.env["PATH"], HOME: stack.folder, REQUESTS_CA_BUNDLE: stack.ca.certFile },
    ...{ OS_AUTH_TYPE: "v3oidcaccesstoken", OS_AUTH_URL: stack.clouds[cloud].url, OS_IDENTITY_API_VERSION: "3" },
    ...{
      OS_IDENTITY_PROVIDER: "cloudpass-customer-a",
      OS_PROTOCOL: "openid",
      OS_ACCESS_TOKEN: await person.token(cloud),
    },
    ...{ OS_PROJECT_NAME: project, OS_PROJECT_DOMAIN_NAME: domain },
  };
  return run(openstack, ["token", "issue", "-f", "json"], { env, timeout: 60_000 }).then(
    ({ stdout }) => ("project_id" in (JSON.parse(stdout) as object) ? "yes" : "no"),
    ({ stderr }: { stderr: string }) => (/HTTP 401|HTTP 403/.test(stderr) ? "no" : stderr),
  );
}

/** What `kubectl auth can-i` says of config maps in customer A's namespace. */
export async function byKubectl({ stack: { cluster } }: World, person: Person, verb: string): Promise<string> {
  const args = ["--server", cluster.server, "--certificate-authority", cluster.caFile, "--kubeconfig", "/dev/null"];
  const asked = ["auth", "can-i", verb, "configmaps", "--namespace", "customer-a-dev"];
  const answer = run(cluster.kubectl, [...args, "--token", await person.token("prod1"), ...asked], { timeout: 30_000 });
  // It ends with 1 where the answer is no.
  return answer.then(
    ({ stdout }) => stdout.trim(),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout.trim() || stderr,
  );
}
