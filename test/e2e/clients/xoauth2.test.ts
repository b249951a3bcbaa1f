import { beforeAll, expect, test } from "vitest";
import { XOAUTH2_VERSION, xoauth2 } from "../../rigs/index.ts";
import { claimsOf } from "../../support/device-login.ts";
import { proves } from "../../support/proves.ts";
import { runClient } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { sharedStack } from "../../support/shared-stack.ts";

let stack: RealStack;
let program: string;
beforeAll(async () => {
  ({ stack } = await sharedStack());
  program = await xoauth2();
});

proves(() => ({ name: "golang.org/x/oauth2", version: `golang.org/x/oauth2 ${XOAUTH2_VERSION}` }));

/** What the program prints; requests to the token endpoint until the login was done, by how they named the client. */
interface Printed {
  readonly access_token: string;
  readonly id_token: string;
  readonly basic: number;
  readonly in_body: number;
  readonly refreshed: boolean;
}

async function logIn(flow: "device" | "code", style: string, when: (said: string) => boolean = () => true) {
  const scope = ["openid", "profile", "groups", "offline_access"];
  const ran = await runClient(program, [flow, style, stack.issuer, "prod1", ...scope], {
    email: "bob@a.example",
    env: { SSL_CERT_FILE: stack.ca.certFile },
    when,
  });
  expect(ran.code, ran.stderr).toBe(0);
  const printed = JSON.parse(ran.stdout) as Printed;
  expect(claimsOf(printed.access_token)).toMatchObject({ aud: "prod1", groups: ["cp.customer-a.developer"] });
  expect(printed.refreshed).toBe(true);
  return printed;
}

test("AuthStyleInParams: device login with PKCE, and refresh", async () => {
  expect(await logIn("device", "params")).toMatchObject({ basic: 0, in_body: 1 });
});

test("AuthStyleInHeader: Basic with an empty secret is the public client", async () => {
  expect(await logIn("device", "header")).toMatchObject({ basic: 1, in_body: 0 });
});

test("AuthStyleAutoDetect: every pending poll is sent twice within milliseconds, and none is told to slow down", async () => {
  // The person comes only after the second pair of twins.
  const twins = (said: string) => (said.match(/^token request/gm)?.length ?? 0) >= 4;
  const { basic, in_body } = await logIn("device", "auto", twins);
  expect(in_body).toBeGreaterThanOrEqual(2);
  expect(basic).toBe(in_body + 1);
});

test("authorization code with PKCE on a loopback port of its own", async () => {
  const { id_token } = await logIn("code", "params");
  expect(claimsOf(id_token)).toMatchObject({ aud: "prod1", preferred_username: "bob" });
});
