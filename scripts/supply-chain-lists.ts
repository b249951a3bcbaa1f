/*
 * What may come into this project from others, and what may not (S-70, decision 0056). Read without a network at each
 * `npm run check`; kept by hand.
 */

/** Licences (SPDX) that a part of the release may be under: use, change and passing on for the price of a notice. */
export const releaseLicences: readonly string[] = [
  "MIT",
  "MIT-0",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
];

/** Besides, for what only builds and tests: MPL-2.0 asks for the sources of its own files, which we do not pass on. */
export const toolLicences: readonly string[] = [...releaseLicences, "MPL-2.0", "CC-BY-4.0"];

/** Releases that must not come in. */
export interface KnownBad {
  readonly name: string;
  /** Exact versions, or `<` and the first good one. */
  readonly versions: readonly string[];
  readonly because: string;
}

const wormOf2025 = "its maintainer's account was taken over (September 2025): it changes payment addresses";

/** Taken over, sabotaged or vulnerable. A range stands for all of a package's life before its mending. */
export const knownBad: readonly KnownBad[] = [
  { name: "event-stream", versions: ["3.3.6"], because: "brought flatmap-stream, which stole wallets (2018)" },
  { name: "flatmap-stream", versions: ["0.1.1", "0.1.2"], because: "steals wallets (2018)" },
  { name: "eslint-scope", versions: ["3.7.2"], because: "stole npm tokens (2018)" },
  { name: "ua-parser-js", versions: ["0.7.29", "0.8.0", "1.0.0"], because: "taken over (CVE-2021-4229)" },
  { name: "coa", versions: ["2.0.3", "2.0.4", "2.1.1", "2.1.3", "3.0.1", "3.1.3"], because: "taken over (2021)" },
  { name: "rc", versions: ["1.2.9", "1.3.9", "2.3.9"], because: "taken over (2021)" },
  { name: "colors", versions: ["1.4.1", "1.4.2", "1.4.44-liberty-2"], because: "sabotaged: loops for ever (2022)" },
  { name: "faker", versions: ["6.6.6"], because: "sabotaged (2022)" },
  {
    name: "node-ipc",
    versions: ["10.1.1", "10.1.2", "10.1.3", "11.0.0"],
    because: "sabotaged: deletes files (CVE-2022-23812)",
  },
  {
    name: "nx",
    versions: ["20.9.0", "20.10.0", "20.11.0", "20.12.0", "21.5.0", "21.6.0", "21.7.0", "21.8.0"],
    because: "stole secrets (August 2025)",
  },
  { name: "ansi-regex", versions: ["6.2.1"], because: wormOf2025 },
  { name: "ansi-styles", versions: ["6.2.2"], because: wormOf2025 },
  { name: "chalk", versions: ["5.6.1"], because: wormOf2025 },
  { name: "color-convert", versions: ["3.1.1"], because: wormOf2025 },
  { name: "color-name", versions: ["2.0.1"], because: wormOf2025 },
  { name: "color-string", versions: ["2.1.1"], because: wormOf2025 },
  { name: "debug", versions: ["4.4.2"], because: wormOf2025 },
  { name: "error-ex", versions: ["1.3.3"], because: wormOf2025 },
  { name: "is-arrayish", versions: ["0.3.3"], because: wormOf2025 },
  { name: "slice-ansi", versions: ["7.1.1"], because: wormOf2025 },
  { name: "strip-ansi", versions: ["7.1.1"], because: wormOf2025 },
  { name: "supports-color", versions: ["10.2.1"], because: wormOf2025 },
  { name: "wrap-ansi", versions: ["9.0.1"], because: wormOf2025 },
  { name: "jsonwebtoken", versions: ["<9.0.0"], because: "takes keys of the wrong kind (CVE-2022-23539 to 23541)" },
  { name: "jose", versions: ["<4.15.5"], because: "a compressed token exhausts the memory (CVE-2024-28176)" },
  { name: "express", versions: ["<4.20.0"], because: "redirects with markup in them (CVE-2024-43796)" },
  { name: "path-to-regexp", versions: ["<0.1.12"], because: "patterns that backtrack (CVE-2024-52798)" },
  { name: "body-parser", versions: ["<1.20.3"], because: "a nested body keeps the process busy (CVE-2024-45590)" },
  { name: "ws", versions: ["<5.2.4"], because: "many headers end the process (CVE-2024-37890)" },
  { name: "semver", versions: ["<5.7.2"], because: "patterns that backtrack (CVE-2022-25883)" },
  { name: "minimist", versions: ["<1.2.6"], because: "changes Object.prototype (CVE-2021-44906)" },
  {
    name: "lodash",
    versions: ["<4.17.21"],
    because: "changes Object.prototype, runs text (CVE-2020-8203, CVE-2021-23337)",
  },
  { name: "xml-crypto", versions: ["<6.0.1"], because: "a signature over another part of a document (CVE-2025-29774)" },
];
