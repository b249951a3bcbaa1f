import type { JsonSchema } from "../../src/yaml/index.ts";

type Node = JsonSchema & {
  readonly pattern?: string;
  readonly propertyNames?: Node;
  readonly minItems?: number;
  readonly minLength?: number;
};

/** Says where a value breaks a JSON Schema; empty if nowhere. As much of draft-07 as our schemas use. */
export function breaks(root: JsonSchema, value: unknown): string[] {
  const go = (node: Node, it: unknown, at: string): string[] => {
    if (node.$ref !== undefined) {
      const name = node.$ref.replace("#/definitions/", "");
      return go(root.definitions?.[name] ?? { const: `no ${name}` }, it, at);
    }
    const wrong = (message: string, broken: boolean) => (broken ? [`${at}: ${message}`] : []);
    const any = [node.anyOf, node.oneOf].flatMap((list) => (list ? [list.map((one) => go(one, it, at))] : []));
    return [
      ...wrong(`not ${String(node.const)}`, node.const !== undefined && it !== node.const),
      ...wrong("not one of them", node.enum !== undefined && !node.enum.includes(it)),
      ...wrong(`not ${String(node.type)}`, node.type !== undefined && !hasType(it, node.type)),
      ...wrong(
        "pattern",
        typeof it === "string" && node.pattern !== undefined && !new RegExp(node.pattern, "u").test(it),
      ),
      ...wrong("too short", typeof it === "string" && it.length < (node.minLength ?? 0)),
      ...any.flatMap((results) => (results.some((r) => r.length === 0) ? [] : wrong("fits no alternative", true))),
      ...(node.allOf ?? []).flatMap((one) => go(one, it, at)),
      ...(Array.isArray(it) ? list(node, it, at, go) : isMap(it) ? map(node, it, at, go) : []),
    ];
  };
  return go(root, value, "");
}

type Go = (node: Node, it: unknown, at: string) => string[];

const list = (node: Node, it: readonly unknown[], at: string, go: Go): string[] => [
  ...(it.length < (node.minItems ?? 0) ? [`${at}: too few`] : []),
  ...it.flatMap((item, i) => (node.items ? go(node.items, item, `${at}/${i}`) : [])),
];

const map = (node: Node, it: Readonly<Record<string, unknown>>, at: string, go: Go): string[] => [
  ...(node.required ?? []).filter((name) => !Object.hasOwn(it, name)).map((name) => `${at}: ${name} missing`),
  ...Object.entries(it).flatMap(([name, inner]) => {
    const own = node.properties?.[name];
    const other = node.additionalProperties;
    const named = node.propertyNames ? go(node.propertyNames, name, `${at}/${name}`) : [];
    if (own !== undefined) return [...named, ...go(own, inner, `${at}/${name}`)];
    if (other === false) return [`${at}/${name}: unknown`];
    return typeof other === "object" ? [...named, ...go(other, inner, `${at}/${name}`)] : named;
  }),
];

const isMap = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !Array.isArray(it);

const hasType = (it: unknown, type: string | readonly string[]): boolean =>
  [type].flat().some((one) => {
    if (one === "array") return Array.isArray(it);
    if (one === "object") return isMap(it);
    if (one === "null") return it === null;
    if (one === "integer") return Number.isInteger(it);
    return typeof it === one;
  });
