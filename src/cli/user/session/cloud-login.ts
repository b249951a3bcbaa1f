import { z } from "zod";
import { createFetch } from "../../../http-client/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { formatCommand } from "../../settings.ts";
import type { Session } from "./session.ts";
import type { ListedCloud } from "./targets.ts";
import { fixUnreachable, reasonOf } from "./unreachable.ts";

/** A token of a cloud's own Keystone for the person, good for no project yet: the tools choose one with it. */
export interface CloudToken {
  readonly token: string;
  /** Its end on this machine's clock, in seconds. */
  readonly expiresAt: number;
}

/** A cloud that does not answer holds up the other ones for so long, in milliseconds. */
const timeoutMs = 15_000;

const answerSchema = z.object({ token: z.object({ issued_at: z.iso.datetime(), expires_at: z.iso.datetime() }) });

/**
 * Logs in at a cloud as `openstack` would (OS-FEDERATION, with an access token for it). A kept access token that the cloud
 * refuses is replaced once. Fails with what to do when the cloud is away or refuses.
 */
export async function loginToCloud(session: Session, cloud: ListedCloud, now: () => number): Promise<CloudToken> {
  const access = await session.access(cloud.name);
  const first = await ask(session, cloud, access.token, now);
  if (first.status !== 401) return first.token();
  const renewed = await session.access(cloud.name, access.token);
  return (await ask(session, cloud, renewed.token, now)).token();
}

interface Asked {
  readonly status: number;
  token(): Promise<CloudToken>;
}

async function ask(session: Session, cloud: ListedCloud, accessToken: string, now: () => number): Promise<Asked> {
  await session.open();
  const { identity_provider: provider, protocol } = cloud;
  const path = ["OS-FEDERATION", "identity_providers", provider, "protocols", protocol, "auth"];
  const url = new URL(`${versioned(cloud.auth_url)}/${path.map(encodeURIComponent).join("/")}`);
  const askedAt = now();
  const headers = { accept: "application/json", authorization: `Bearer ${accessToken}` };
  const answer = await createFetch({ timeoutMs })(url, { method: "POST", headers }).catch((cause: unknown) => {
    throw awayFailure(cloud, cause);
  });
  return { status: answer.status, token: () => tokenOf(session, cloud, answer, askedAt) };
}

async function tokenOf(session: Session, cloud: ListedCloud, answer: Response, askedAt: number): Promise<CloudToken> {
  const body: unknown = await answer.json().catch(() => undefined);
  const token = answer.headers.get("x-subject-token");
  const said = answerSchema.safeParse(body);
  if (answer.status === 201 && token !== null && said.success) {
    const { issued_at: from, expires_at: until } = said.data.token;
    return { token, expiresAt: askedAt + Math.floor((Date.parse(until) - Date.parse(from)) / 1000) };
  }
  const name = plain(cloud.name);
  if (answer.status >= 500) {
    throw new CommandFailure(`the cloud ${name} answered ${answer.status}`, {
      means: "It or something before it is out of order.",
      fix: "try again in a moment; if it lasts, tell the operator of the cloud",
      exitCode: exitCodes.unreachable,
    });
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new CommandFailure(`the cloud ${name} refused your login (${answer.status})`, {
      means: "It does not take the broker's token, or knows no right for what that carries.",
      fix: `see what it carries: ${formatCommand(session.settings, `token --target ${name} --output json`)}; then tell the operator of the cloud`,
    });
  }
  throw new CommandFailure(`the answer of the cloud ${name} makes no sense (${answer.status})`, {
    means: `${plain(cloud.auth_url)} gave no Keystone token.`,
    fix: "tell the operator of the broker: the cloud's address in the policy may be wrong",
  });
}

/** A cloud that did not answer, in words. */
export function awayFailure({ name, auth_url: url }: ListedCloud, cause: unknown): CommandFailure {
  const reason = cause instanceof DOMException ? "TIMEOUT" : reasonOf(cause);
  return new CommandFailure(`the cloud ${plain(name)} cannot be reached (${reason})`, {
    means: `Its address is ${plain(url)}.`,
    fix: fixUnreachable(url, reason),
    exitCode: exitCodes.unreachable,
    cause,
  });
}

/** A cloud's address is at times written without the version, as `clouds.yaml` allows. */
export const versioned = (url: string): string => {
  const trimmed = url.replace(/\/+$/, "");
  return trimmed.endsWith("/v3") ? trimmed : `${trimmed}/v3`;
};

/** A token that lay somewhere, and the cloud that gave it. */
export interface HeldToken {
  readonly authUrl: string;
  readonly token: string;
}

/** Ending a token at a cloud that does not answer is given up after so long, in milliseconds. */
const endingTimeoutMs = 5_000;

/**
 * Has a cloud end a token of its own (`DELETE /auth/tokens`). Answers why it was not reached; nothing when the token is no
 * more.
 */
export async function endCloudToken(session: Session, { authUrl, token }: HeldToken): Promise<string | undefined> {
  await session.open();
  const headers = { "x-auth-token": token, "x-subject-token": token };
  try {
    const url = `${versioned(authUrl)}/auth/tokens`;
    const answer = await createFetch({ timeoutMs: endingTimeoutMs })(url, { method: "DELETE", headers });
    await answer.body?.cancel();
    // 401 and 404: it had ended already.
    return answer.ok || [401, 404].includes(answer.status) ? undefined : `it answered ${answer.status}`;
  } catch (cause) {
    return cause instanceof DOMException ? "TIMEOUT" : reasonOf(cause);
  }
}
