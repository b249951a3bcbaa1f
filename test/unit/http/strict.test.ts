import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";
import { describe, expect, test } from "vitest";
import { helmetOptions, strictHeaders } from "../../../src/http/strict.ts";

/** What helmet sends with our options. A new version of it that knows a new header is seen here. */
function advised(insecure: boolean): Record<string, string> {
  const sent: Record<string, string> = {};
  const middleware = helmet(helmetOptions(insecure));
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
  test.each([false, true])("are those that helmet sends (plain http: %s)", (insecure) => {
    expect(Object.fromEntries(strictHeaders(insecure))).toEqual(advised(insecure));
  });
});
