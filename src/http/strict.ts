/**
 * Strict headers of every answer (S-21): nothing from elsewhere, no framing, no referrer. A test compares them with what
 * helmet would send, so that a new advice of theirs is seen.
 * @param insecure plain http on loopback (development): a browser would keep HSTS for the whole host
 */
export const strictHeaders = (insecure: boolean): readonly (readonly [name: string, value: string])[] => [
  [
    "content-security-policy",
    "default-src 'none';style-src 'self';img-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
  ],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["origin-agent-cluster", "?1"],
  ["referrer-policy", "no-referrer"],
  ...(insecure ? [] : [["strict-transport-security", "max-age=31536000; includeSubDomains"] as const]),
  ["x-content-type-options", "nosniff"],
  ["x-dns-prefetch-control", "off"],
  ["x-download-options", "noopen"],
  ["x-frame-options", "DENY"],
  ["x-permitted-cross-domain-policies", "none"],
  ["x-xss-protection", "0"],
];
