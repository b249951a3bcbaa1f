import type { SigningKey, SigningKeysReplaced, SigningKeysRotated } from "../../../operations/index.ts";
import { formatDuration } from "../../terminal.ts";

/** What a key does now, in words. */
function formatStatus({ status, signsFrom, publishedUntil }: SigningKey): string {
  if (status === "next") return `next: signs from ${signsFrom}`;
  if (status === "active") return `signs since ${signsFrom}`;
  return `retiring: published until ${publishedUntil ?? "now"}`;
}

/** The keys as a table. */
export function formatKeys(keys: readonly SigningKey[]): string[] {
  const rows = keys.map((k) => [k.kid, k.use, k.createdAt, formatStatus(k)]);
  const table = [["KEY", "USE", "MADE", "NOW"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** The first keys are there. */
export const formatCreated = (where: string): string[] => [
  `Made ${where}. Keep a copy in a safe place: without it every token and every trust in the broker is lost.`,
];

/** What happens when, after a rotation. */
export function formatRotation({ made, underWay, publishedAfter }: SigningKeysRotated): string[] {
  const left = underWay.map(
    (k) =>
      `The ${k.use} keys are being rotated already: ${k.kid} signs from ${k.signsFrom}. They are left as they are.`,
  );
  const told = made.flatMap((k) => [
    `The new ${k.use} key ${k.kid} is published.`,
    `  now                   everybody learns it: ${k.use === "token" ? "clusters and clouds" : "Keycloak"}, by themselves`,
    `  ${k.signsFrom}  it signs; the key before it signs no more, but stays published`,
    `  ${formatDuration(publishedAfter).padEnd(20)}  later the old key's last token is over, and it is no longer published`,
  ]);
  const rest = made.length === 0 ? [] : ["Nobody has to do anything. Running brokers notice within seconds."];
  return [...left, ...told, ...rest];
}

/** A key that did not sign is no longer published. */
export const formatRetire = (key: SigningKey): string[] =>
  key.status === "next"
    ? [`The rotation to ${key.kid} is taken back. The ${key.use} key before it goes on signing.`]
    : [`${key.kid} is no longer published. Clusters and clouds that have it honour it until they look again.`];

/** What an emergency makes invalid, for whom, and until when somebody may still honour it. */
export function formatEmergency(where: string, keys: readonly SigningKey[]): string[] {
  const token = keys.some((k) => k.use === "token");
  const client = keys.some((k) => k.use === "client");
  return [
    `This drops from ${where}, at once and for good:`,
    ...keys.map((k) => `  ${k.use} key ${k.kid} (${formatStatus(k)})`),
    ...(token
      ? [
          "Invalid from then on: every access and ID token that they signed.",
          "  The broker's own endpoints refuse them within 5 seconds, on every instance.",
          "  Nobody is logged out: refresh tokens and browser sessions stay good, and give tokens of the new key.",
          "Until others notice, they honour the old keys, even for tokens that a thief makes then:",
          "  kube-apiserver keeps a key until a token of an unknown key reaches it; have it see a new one, on each cluster.",
          "    It may refuse new tokens for 30 seconds first, while it keeps the old answer.",
          "  Apache (mod_auth_openidc) likewise, and after OIDCJWKSRefreshInterval (an hour if not set) by itself.",
        ]
      : []),
    ...(client
      ? [
          "Keycloak refuses what the old client keys sign, as soon as it has read the new ones: at the next sign-in or refresh.",
        ]
      : []),
  ];
}

/** An emergency is over at the broker, and goes on elsewhere. */
export const formatReplaced = ({ dropped, made }: SigningKeysReplaced): string[] => [
  ...made.map((k) => `The ${k.use} key ${k.kid} signs from now on.`),
  ...dropped.map((k) => `${k.kid} is gone.`),
  "Now have every cluster and cloud see a new token: until then they may honour the old key.",
];
