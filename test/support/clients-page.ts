/** A client of the matrix, as the page `docs/reference/clients.md` says it. */
export interface MatrixClient {
  readonly name: string;
  readonly version: string;
  /** What its users must know to use it here. */
  readonly needs?: string;
}

/** The part of vitest's JSON report that the page is made of. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly meta: { readonly client?: MatrixClient };
    }[];
  }[];
}

/** The page of a run in which everything passed. Throws when something did not, or says nothing of its client. */
export function clientsPage(report: Report): string {
  const sections = report.testResults
    .map((file) => ({ file: file.name.split("/").at(-1) ?? "", tests: file.assertionResults }))
    .sort((a, b) => a.file.localeCompare(b.file))
    .map(({ file, tests }) => {
      const client = tests[0]?.meta.client;
      const failed = tests.find((t) => t.status !== "passed");
      if (client === undefined || failed) throw new Error(`${file}: ${failed?.title ?? "no client"} is not proven`);
      const proven = tests.map((t) => `- ${t.title}`).join("\n");
      const needs = client.needs === undefined ? "" : `\nGood to know: ${client.needs}\n`;
      return `## ${client.name}\n\n${client.version} · [${file}](../../test/e2e/clients/${file})\n\n${proven}\n${needs}`;
    });
  return `# Clients

Released clients that were run unmodified against this issuer, with a real Keycloak, Keystone behind Apache and
kube-apiserver around it. Made by \`npm run docs -- clients\` from a run in which all of this passed; \`npm test\` runs the
same tests.

${sections.join("\n")}`;
}
