import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { claimsOf } from "./device-login.ts";

/** A project of the stand-in's. */
export interface SmallProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly domain_id: string;
}

/** A Keystone as far as a domain manager's projects go; `test/contract/projects.test.ts` holds it against the real one. */
export interface SmallKeystone {
  readonly url: string;
  readonly projects: SmallProject[];
  /** What was asked, each `METHOD path`. */
  readonly asked: string[];
  /** Whether a token that it gave is still good. */
  knows(token: string): boolean;
  /** Tokens of ours that were presented. */
  readonly presented: string[];
  add(project: Partial<SmallProject> & Pick<SmallProject, "name">): SmallProject;
  /** Answers nothing any more, or again. */
  silent: boolean;
  stop(): Promise<void>;
}

/** The minted group that its mapping lets rule the domain. */
const ruling = /\.domain-manager$|\.boss$/;

/** Starts it, with one domain a tenant: the tenant's name, or as `domains` says. */
export async function startSmallKeystone(
  audience: string,
  domains: Readonly<Record<string, string>> = {},
): Promise<SmallKeystone> {
  const tokens = new Map<string, { readonly domain: string; readonly groups: readonly string[] }>();
  const keystone: Omit<SmallKeystone, "url" | "stop"> = {
    projects: [],
    asked: [],
    presented: [],
    knows: (token) => tokens.has(token),
    silent: false,
    add: (project) => {
      const made = { id: newId(), description: "", enabled: true, domain_id: idOf("customer-a"), ...project };
      keystone.projects.push(made);
      return made;
    },
  };
  const made = (subject: string | undefined, body: object, res: ServerResponse) =>
    res.writeHead(201, subject === undefined ? {} : { "x-subject-token": subject }).end(JSON.stringify(body));
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<unknown> => {
    if (keystone.silent) return res.destroy();
    const url = new URL(req.url ?? "", "http://keystone.invalid");
    const path = url.pathname.replace(/^\/v3/, "");
    keystone.asked.push(`${req.method} ${path}`);
    const body = JSON.parse((await textOf(req)) || "{}");
    const login = /^\/OS-FEDERATION\/identity_providers\/cloudpass-([^/]+)\/protocols\/openid\/auth$/.exec(path);
    if (login?.[1] !== undefined) {
      const bearer = String(req.headers.authorization).replace(/^Bearer /, "");
      keystone.presented.push(bearer);
      const { aud, tenant, groups } = claimsOf(bearer) as { aud: string; tenant: string; groups: string[] };
      if (aud !== audience || tenant !== `urn:cloudpass:tenant:${login[1]}`) return no(res, 401);
      const token = newId();
      tokens.set(token, { domain: domains[login[1]] ?? login[1], groups });
      return made(token, { token: anHour() }, res);
    }
    if (path === "/auth/tokens" && req.method === "DELETE") {
      const isKnown = tokens.delete(String(req.headers["x-subject-token"]));
      return isKnown ? res.writeHead(204).end() : no(res, 401);
    }
    if (path === "/auth/tokens") {
      const held = tokens.get(body.auth.identity.token.id);
      const domain = body.auth.scope.domain.name;
      if (held === undefined || held.domain !== domain || !held.groups.some((g) => ruling.test(g))) return no(res, 401);
      const token = newId();
      tokens.set(token, held);
      const roles = ["manager", "member", "reader"].map((name) => ({ id: name, name }));
      return made(token, { token: { domain: { id: idOf(domain), name: domain }, roles, catalog: [] } }, res);
    }
    const own = tokens.get(String(req.headers["x-auth-token"]));
    if (own === undefined) return no(res, 401);
    return inDomain(keystone, idOf(own.domain), { req, res, url, path, body });
  };
  const server = createServer((req, res) => void answer(req, res).catch(() => no(res, 500)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return Object.assign(keystone, { url: `http://127.0.0.1:${port}/v3`, stop });
}

interface Asked {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly url: URL;
  readonly path: string;
  readonly body: { readonly project: Partial<SmallProject> };
}

/** What somebody who rules a domain is answered. */
function inDomain(keystone: Omit<SmallKeystone, "url" | "stop">, domain: string, { req, res, url, path, body }: Asked) {
  const say = (status: number, what: object) => res.writeHead(status).end(JSON.stringify(what));
  const { projects } = keystone;
  if (path === "/registered_limits") return say(200, { registered_limits: [] });
  if (path === "/projects" && req.method === "GET") {
    const [name, of] = [url.searchParams.get("name"), url.searchParams.get("domain_id")];
    return say(200, {
      projects: projects.filter(
        (p) => p.domain_id === domain && (name === null || p.name === name) && (of === null || of === domain),
      ),
    });
  }
  if (path === "/projects") {
    const { name = "", domain_id = "", description = "" } = body.project;
    if (domain_id !== domain) return no(res, 403);
    if (projects.some((p) => p.domain_id === domain && p.name === name)) return no(res, 409);
    return say(201, { project: keystone.add({ name, description, domain_id }) });
  }
  const at = projects.findIndex(({ id }) => path === `/projects/${id}`);
  const found = projects[at];
  if (found === undefined) return no(res, 404);
  if (found.domain_id !== domain) return no(res, 403);
  if (req.method === "PATCH") projects[at] = { ...found, ...body.project };
  return say(200, { project: projects[at] });
}

const anHour = () => {
  const now = Date.now();
  return { issued_at: new Date(now).toISOString(), expires_at: new Date(now + 3_600_000).toISOString() };
};

let last = 0;
const newId = (): string => (++last).toString(16).padStart(32, "0");
const idOf = (domain: string): string => Buffer.from(domain.padEnd(16, "-")).toString("hex").slice(0, 32);
const no = (res: ServerResponse, status: number) =>
  res.writeHead(status).end(JSON.stringify({ error: { code: status } }));

async function textOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  return text;
}
