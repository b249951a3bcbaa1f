import { heading } from "../test/support/browser.ts";
import { decideInBrowser, type Visitor } from "../test/support/device-login.ts";
import { type Stage, say } from "../test/support/stage.ts";

/** Environment and options by which the `cloudpass` command finds the broker. */
export interface Access {
  readonly issuer: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * `cloudpass login`, to its end. With `visitor` a scripted browser follows the link and confirms; without one, the
 * person at the screen does.
 */
export async function login(stage: Stage, access: Access, visitor: Visitor | undefined, hint = ""): Promise<void> {
  let approving: Promise<void> | undefined;
  let seen = "";
  const onStderr = (text: string) => {
    seen += text;
    const link = /open\s+(http\S+user_code=\S+)\s/.exec(seen)?.[1];
    if (link === undefined || approving) return;
    if (visitor) approving = approve(link, visitor);
  };
  if (!visitor) say(hint);
  const qr = visitor ? ["--no-qr"] : [];
  await stage.cloudpass(["login", "--device", "--issuer", access.issuer, ...qr], {
    ...(access.env && { env: access.env }),
    onStderr,
  });
  await approving;
}

async function approve(link: string, visitor: Visitor): Promise<void> {
  const last = await decideInBrowser(link, visitor, "approve");
  const title = heading(last);
  if (title !== "Logged in") throw new Error(`the browser ended at "${title}"`);
  say(`(the scripted browser signed in as ${visitor.email}, read the confirmation page and confirmed)`);
}

/** `cloudpass token` for a target: its claims are shown, the token itself is not. */
export async function showToken(stage: Stage, access: Access, target: string): Promise<Record<string, unknown>> {
  const args = ["token", "--target", target, "--issuer", access.issuer, "--output", "json"];
  const { stdout } = await stage.cloudpass(args, { silent: true, ...(access.env && { env: access.env }) });
  const { claims } = JSON.parse(stdout) as { claims: Record<string, unknown> };
  say(`\nToken for ${target} (claims only):`);
  for (const name of [
    "iss",
    "sub",
    "aud",
    "client_id",
    "tenant",
    "preferred_username",
    "groups",
    "flow",
    "iat",
    "exp",
  ]) {
    say(`  ${name.padEnd(20)}${JSON.stringify(claims[name])}`);
  }
  return claims;
}
