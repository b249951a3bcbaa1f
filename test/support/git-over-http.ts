import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";

/** A bare repository over HTTP, as a forge has it: `git http-backend` behind a password. */
export interface GitOverHttp {
  readonly url: string;
  /** What the next requests get instead. */
  trouble: { readonly status: number; readonly location?: string } | undefined;
  /** How many came. */
  requests: number;
  close(): Promise<void>;
}

/** Serves the repositories in the folder of this one. */
export async function gitOverHttp(folder: string, user: string, password: string): Promise<GitOverHttp> {
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const state: Pick<GitOverHttp, "trouble" | "requests"> = { trouble: undefined, requests: 0 };
  const server = createServer((request, response) => {
    state.requests++;
    if (state.trouble) {
      const { status, location } = state.trouble;
      return void response.writeHead(status, location === undefined ? {} : { location }).end();
    }
    if (request.headers.authorization !== wanted) {
      return void response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    }
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const child = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env["PATH"],
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "http.receivepack",
        GIT_CONFIG_VALUE_0: "true",
        GIT_PROJECT_ROOT: dirname(folder),
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: path,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        ...(request.headers["content-encoding"] && { HTTP_CONTENT_ENCODING: request.headers["content-encoding"] }),
        REMOTE_USER: user,
      },
    });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("close", () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf("\r\n\r\n");
      const head = all
        .toString("latin1", 0, end)
        .split("\r\n")
        .map((line) => line.split(/: */, 2) as [string, string]);
      const status = Number(head.find(([name]) => name === "Status")?.[1]?.slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(head)).end(all.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return Object.assign(state, { url: `http://127.0.0.1:${port}/policies.git`, close });
}
