import type { Recipe } from "../recipe.ts";

const long = "x".repeat(255);

/** Traits of names: of the realm, of roles, groups, scopes and clients. */
export const nameTraits: readonly Recipe[] = [
  { name: "name with a digit first", realm: "2corpus" },
  { name: "name with a blank", realm: "corpus with blank" },
  { name: "name with an umlaut", realm: "corpus-straße" },
  { name: "name with dots", realm: "corpus.of_ours.1" },
  {
    name: "role called constructor",
    byHand: (at) => at.post("/roles", { name: "constructor", description: "odd", attributes: { toString: ["x"] } }),
  },
  {
    name: "roles with odd names",
    byHand: async (at) => {
      for (const name of ["may/not", "a.b", "Größe 1", "'quoted' \"twice\"", "🦊", "1st", " blank ", "true", "null"]) {
        await at.post("/roles", { name });
      }
    },
  },
  {
    name: "groups with odd names",
    byHand: async (at) => {
      for (const name of ["a/b/c", "Größe", "🦊", "1", "*", "#one", "~", "a: b"]) await at.post("/groups", { name });
    },
  },
  {
    name: "names of 255 characters",
    byHand: async (at) => {
      await at.post("/roles", { name: long });
      await at.post("/groups", { name: long });
      await at.post("/clients", { clientId: long, publicClient: true });
      await at.post("/client-scopes", { name: long.slice(1), protocol: "openid-connect" });
    },
  },
  {
    name: "client scopes with odd names",
    byHand: async (at) => {
      for (const name of ["read:all", "https://x.example/scope", "a.b", "1st"]) {
        await at.post("/client-scopes", { name, protocol: "openid-connect" });
      }
    },
  },
  {
    name: "client id with blanks",
    byHand: (at) => at.post("/clients", { clientId: "a desk of ours", publicClient: true }),
  },
  {
    name: "client ids with odd names",
    byHand: async (at) => {
      for (const clientId of ["urn:x:y", "https://a.example/path?x=1", "Größe", "1", "constructor", "🦊"]) {
        await at.post("/clients", { clientId, publicClient: true });
      }
    },
  },
  {
    name: "groups a/b and a over b",
    byHand: async (at) => {
      await at.post("/roles", { name: "r" });
      await at.post("/groups", { name: "a/b" });
      const a = await at.post("/groups", { name: "a" });
      const b = await at.post(`/groups/${a}/children`, { name: "b" });
      await at.post(`/groups/${b}/role-mappings/realm`, [await at.get("/roles/r")]);
    },
  },
  {
    name: "attributes called types and composite",
    byHand: (at) => at.post("/groups", { name: "staff", attributes: { types: ["a"], composite: ["b"], id: ["c"] } }),
  },
];
