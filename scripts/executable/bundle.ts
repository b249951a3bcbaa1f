import { isBuiltin } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const later = fileURLToPath(new URL("later.ts", import.meta.url));

/** The program as two scripts of CommonJS, which is what an executable of Node begins with. */
export interface Bundle {
  /** The beginning, with all that a kept token needs. */
  readonly main: string;
  /** Everything else, as a function of `module`, `exports` and `require`. */
  readonly program: string;
  /** Names of the packages that are inside. */
  readonly packages: readonly string[];
}

const options = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node24",
  absWorkingDir: root,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none", // the licences are beside the executable, whole
  supported: { "dynamic-import": false },
  metafile: true,
  write: false,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** Bundles the sources as they stand. What the beginning imports when it is asked for goes into the other script. */
export async function bundle(): Promise<Bundle> {
  const parts = new Set<string>();
  const main = await build({
    ...options,
    entryPoints: ["scripts/executable/entry.ts"],
    plugins: [partsApart(parts)],
  });
  const getters = [...parts].sort().map((part) => `${JSON.stringify(part)}: () => require("./${part}")`);
  const program = await build({
    ...options,
    stdin: { contents: `module.exports = { ${getters.join(", ")} };`, resolveDir: root, sourcefile: "parts.cjs" },
  });
  return {
    main: textOf(main),
    program: `(function (module, exports, require) {${textOf(program)}\n})`,
    packages: [...new Set([main, program].flatMap(({ metafile }) => packagesIn(metafile)))].sort(),
  };
}

const textOf = ({ outputFiles }: { outputFiles: readonly { text: string }[] }): string => outputFiles[0]?.text ?? "";

/** Takes what is imported dynamically out of the beginning, and notes it. */
const partsApart = (parts: Set<string>): Plugin => ({
  name: "parts-apart",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /./ }, async ({ path, kind, resolveDir, importer }) => {
      if (kind !== "dynamic-import" || isBuiltin(path)) return undefined;
      const { path: found, errors } = await resolve(path, { kind: "import-statement", resolveDir, importer });
      if (errors.length > 0) return { errors };
      const part = relative(root, found);
      parts.add(part);
      return { path: part, namespace: "part" };
    });
    onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(later)}).later(${JSON.stringify(path)});`,
      resolveDir: root,
    }));
  },
});

const packagesIn = ({ inputs }: Metafile): string[] =>
  Object.keys(inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
