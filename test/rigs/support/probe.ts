import { readFileSync } from "node:fs";
import { request } from "node:https";

/** Certificates for a probe of a server that our test CA vouches for. */
export interface ProbeTls {
  readonly caFile: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** True if a GET over http answers 2xx within two seconds. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.arrayBuffer();
  return response.ok;
}

/** Status and body of a GET over https, trusting only the given CA. */
export function getOverTls(url: string, tls: ProbeTls): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      ca: readFileSync(tls.caFile),
      ...(tls.certFile === undefined ? {} : { cert: readFileSync(tls.certFile) }),
      ...(tls.keyFile === undefined ? {} : { key: readFileSync(tls.keyFile) }),
      agent: false,
      timeout: 2_000,
    };
    const asked = request(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") });
      });
      response.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`${url} did not answer within 2 s`)));
    asked.on("error", reject);
    asked.end();
  });
}
