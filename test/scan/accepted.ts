/** A finding that is none, with the reason. What a tool finds besides is mended, or written here by somebody who looked. */
export interface Accepted {
  /** Schemathesis' code, or the name of Wapiti's module or category. */
  readonly finding: string;
  /** The operation (`GET /api/v1/tenants`) or the page's path. */
  readonly at: RegExp;
  readonly reason: string;
}

export const acceptedOfApi: readonly Accepted[] = [
  {
    finding: "ST202",
    at: /./,
    reason:
      "what the document allows may still be refused: by the tenant's policy and its ceiling, by what is there, by the state that the call was made with; 400, 412 and 422 say so and are in the document",
  },
  {
    finding: "ST203",
    at: /^(?:PUT|POST|DELETE) /,
    reason: "a missing If-Match is answered 428, which RFC 6585 section 3 made for it and the document names",
  },
  {
    finding: "Runtime Error",
    at: /./,
    reason:
      "of the tool: Python 3.11's parser gives up on deeply nested stacks while it describes one of its own lambdas",
  },
];

export const acceptedOfPages: readonly Accepted[] = [
  {
    finding: "Cross Site Request Forgery",
    at: /^\/console\//,
    reason:
      "the tool knows tokens by name, and not ours: every form has a form_token of its session, its act and what it is about (S-16), without which nothing is done (test/protocol/console/pages.test.ts)",
  },
  {
    finding: "HTTP Methods",
    at: /./,
    reason: "says which methods a page takes: GET, and POST for forms; OPTIONS is answered 405",
  },
];

/** The reason why a finding is accepted; `undefined`: it is not. */
export const reasonFor = (accepted: readonly Accepted[], finding: string, at: string): string | undefined =>
  accepted.find((one) => one.finding === finding && one.at.test(at))?.reason;
