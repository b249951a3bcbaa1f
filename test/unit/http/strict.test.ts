import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";
import { describe, expect, test } from "vitest";
import { strictHeaders } from "../../../src/http/strict.ts";

/** What helmet would send with our policy. A new version of it that knows a new header is seen here. */
function advised(insecure: boolean): Record<string, string> {
  const sent: Record<string, string> = {};
  const middleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: insecure ? false : { maxAge: 31_536_000 },
    xFrameOptions: { action: "deny" },
  });
  const response = {
    setHeader: (name: string, value: string) => {
      sent[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  middleware({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return sent;
}

describe("the headers of every answer", () => {
  test.each([false, true])("are those that helmet advises (plain http: %s)", (insecure) => {
    expect(Object.fromEntries(strictHeaders(insecure))).toEqual(advised(insecure));
  });
});
