import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readClass } from "./class-file.ts";
import { representedKinds } from "./kinds.ts";

/** Names of fields by kind. Where a kind has several classes: `Class.field`. */
export type FieldsByKind = Readonly<Record<string, readonly string[]>>;

/** Fields that Keycloak's representations have, from the classes of its distribution. Needs `unzip`. */
export function fieldsThere(distribution: string): FieldsByKind {
  const folder = join(distribution, "lib", "lib", "main");
  const jar = readdirSync(folder).find((name) => /^org\.keycloak\.keycloak-core-[\d.]+\.jar$/.test(name));
  if (jar === undefined) throw new Error(`no keycloak-core in ${folder}`);
  const unzipped = (name: string) => execFileSync("unzip", ["-p", join(folder, jar), `${name}.class`]);
  const fieldsOf = (name: string): string[] => {
    const { fields, above } = readClass(unzipped(name));
    return [...(above.startsWith("org/keycloak/") ? fieldsOf(above) : []), ...fields];
  };
  return Object.fromEntries(
    Object.entries(representedKinds).map(([kind, { classes }]) => [
      kind,
      classes.flatMap((name) => {
        const fields = fieldsOf(`org/keycloak/representations/${name}`);
        return classes.length === 1 ? fields : fields.map((field) => `${shortName(name)}.${field}`);
      }),
    ]),
  );
}

const shortName = (name: string): string => (name.split("/").at(-1) ?? "").replace(/Representation$/, "");
