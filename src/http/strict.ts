import type { HelmetOptions } from "helmet";

/** What helmet is told: nothing from elsewhere, no framing, no referrer (S-21). */
export const helmetOptions = (insecure: boolean): HelmetOptions => ({
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

/**
 * The headers that helmet sets with these options, as a list: for what does not pass through express (programs' paths,
 * requests that are none), where they are the same every time. A test holds the list to helmet.
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
