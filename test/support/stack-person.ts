import { setTimeout as sleep } from "node:timers/promises";
import { Browser } from "./browser.ts";
import {
  claimsOf,
  decideInBrowser,
  type JsonAnswer,
  keycloakVisitor,
  poll,
  postForm,
  startDevice,
  type Visitor,
} from "./device-login.ts";
import { type KeyHolder, keyHolder } from "./key-holder.ts";
import { federatedLogin, type KeystoneScope, rescope } from "./keystone-token.ts";
import type { RealStack } from "./real-stack.ts";

type Cloud = "gx1" | "gx2";

/** A customer's own domain on each cloud. */
const domains: Readonly<Record<string, Readonly<Record<Cloud, string>>>> = {
  "customer-a": { gx1: "customer-a", gx2: "d000001" },
  "customer-c": { gx1: "customer-c", gx2: "customer-c" },
};

/** Somebody of a customer with one login of the `cloudpass` command; a token for each target by refresh. */
export class Person {
  readonly #stack: RealStack;
  readonly #key: KeyHolder;
  readonly #tenant: string;
  #refreshToken: string;

  private constructor(stack: RealStack, key: KeyHolder, tenant: string, refreshToken: string) {
    this.#stack = stack;
    this.#key = key;
    this.#tenant = tenant;
    this.#refreshToken = refreshToken;
  }

  /** A device login, confirmed on the broker's pages and Keycloak's own ones. */
  static async logIn(
    stack: RealStack,
    email: string,
    {
      visitor = keycloakVisitor(email),
      tenant = "customer-a",
      browser = new Browser(),
    }: { visitor?: Visitor; tenant?: string; browser?: Browser } = {},
  ): Promise<Person> {
    const key = await keyHolder();
    const client = { client_id: "cloudpass" };
    const scope = "openid profile groups offline_access";
    const started = await startDevice(stack.issuer, { ...client, scope });
    await decideInBrowser(started.verification_uri_complete, visitor, "approve", browser);
    const proof = { dpop: await key.proof("POST", `${stack.issuer}/token`) };
    const { status, body } = await poll(stack.issuer, { ...client, device_code: started.device_code }, proof);
    if (status !== 200) throw new Error(`${email} gets no login: ${status} ${JSON.stringify(body)}`);
    return new Person(stack, key, tenant, String(body["refresh_token"]));
  }

  /** Asks for a token for a target. */
  async refresh(target: string): Promise<JsonAnswer> {
    const endpoint = `${this.#stack.issuer}/token`;
    const answer = await postForm(
      endpoint,
      {
        grant_type: "refresh_token",
        client_id: "cloudpass",
        refresh_token: this.#refreshToken,
        resource: `urn:cloudpass:target:${target}`,
      },
      { dpop: await this.#key.proof("POST", endpoint) },
    );
    if (answer.status === 200) this.#refreshToken = String(answer.body["refresh_token"]);
    return answer;
  }

  /** A token for a target; throws when there is none. */
  async token(target: string): Promise<string> {
    const { status, body } = await this.refresh(target);
    if (status !== 200) throw new Error(`no token for ${target}: ${status} ${JSON.stringify(body)}`);
    return String(body["access_token"]);
  }

  /** The groups in a new token for a target, `[]` when it is refused. */
  async groups(target: string): Promise<unknown> {
    const { status, body } = await this.refresh(target);
    return status === 200 ? claimsOf(body["access_token"])["groups"] : [];
  }

  /** An unscoped Keystone token by a federated login. */
  async atCloud(cloud: Cloud): Promise<string> {
    const { status, token } = await federatedLogin(
      this.#url(cloud),
      `cloudpass-${this.#tenant}`,
      await this.token(cloud),
    );
    if (status !== 201 || token === undefined) throw new Error(`the login to ${cloud} is refused: ${status}`);
    return token;
  }

  /** Roles that a Keystone token has on a project of the own customer; `[]` when it gets none there. */
  async roles(cloud: Cloud, unscoped: string, project: string): Promise<readonly string[]> {
    return (await rescope(this.#url(cloud), unscoped, placeOf(cloud, project, this.#tenant))).roles;
  }

  #url(cloud: Cloud): string {
    return this.#stack.clouds[cloud].url;
  }
}

/** A project of a customer. */
export const placeOf = (cloud: Cloud, project: string, tenant = "customer-a"): KeystoneScope => ({
  project,
  domain: domains[tenant]?.[cloud] ?? "",
});

/** Asks until the answer is as wanted, or the seconds are over; answers the last one. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  seconds: number,
): Promise<T> {
  for (const until = Date.now() + seconds * 1000; ; await sleep(300)) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > until) return answer;
  }
}

/** What the cluster says to a token about config maps of customer A's namespace: `yes`, `no`, or `401` for the token. */
export async function mayOnCluster({ cluster }: RealStack, token: string, verb: string): Promise<string> {
  const spec = { resourceAttributes: { verb, resource: "configmaps", namespace: "customer-a-dev" } };
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec };
  const answer = await fetch(`${cluster.server}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(review),
  });
  if (answer.status === 401) return "401";
  return ((await answer.json()) as { status: { allowed: boolean } }).status.allowed ? "yes" : "no";
}
