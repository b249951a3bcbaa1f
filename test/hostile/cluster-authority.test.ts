import { createServer } from "node:https";
import { expect, it } from "vitest";
import { whoAmIAtCluster } from "../../src/cli/user/session/cluster-whoami.ts";
import type { Session } from "../../src/cli/user/session/session.ts";
import { createFetch } from "../../src/http-client/index.ts";
import { makeCertificate } from "../support/certificates.ts";
import { listen, stopServer } from "../support/loopback.ts";

// Who runs one cluster could otherwise stand in for the broker and for every other target of the same command.

it("the authority of a cluster is believed for that cluster, and for nobody else", async () => {
  const authority = makeCertificate({ name: "Cluster CA", ends: 30, isAuthority: true });
  const { cert, key } = makeCertificate({ name: "prod1", hosts: ["127.0.0.1"], by: authority, ends: 30 });
  const userInfo = { username: "cp:bob", groups: ["cp:developers"] };
  const server = createServer({ cert, key }, (_, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify({ status: { userInfo } }));
  });
  const address = `https://${await listen(server)}`;
  try {
    const session = { access: async () => ({ token: "t", expiresAt: 0 }), open: async () => undefined };
    const [entitlements, certificate_authority] = [[], authority.cert];
    const cluster = {
      name: "prod1",
      kind: "kubernetes",
      server: address,
      entitlements,
      certificate_authority,
    } as const;
    expect(await whoAmIAtCluster(session as unknown as Session, cluster)).toEqual(userInfo);
    await expect(createFetch()(address)).rejects.toThrow("fetch failed");
  } finally {
    await stopServer(server);
  }
});
