import { named } from "../hand.ts";
import type { Recipe } from "../recipe.ts";

/** Traits of the realm itself and of what it is made of besides clients. */
export const realmTraits: readonly Recipe[] = [
  { name: "empty realm" },
  { name: "name with a digit first", realm: "2corpus" },
  { name: "name with a blank", realm: "corpus with blank" },
  { name: "name with an umlaut", realm: "corpus-straße" },
  { name: "display name that is empty", with: { displayName: "" } },
  { name: "organizations without any", with: { organizationsEnabled: true } },
  {
    name: "organization without a domain",
    with: { organizationsEnabled: true },
    byHand: (at) => at.post("/organizations", { name: "Acme", alias: "acme" }),
  },
  {
    name: "organization with a verified domain",
    with: { organizationsEnabled: true },
    byHand: (at) =>
      at.post("/organizations", { name: "Acme", alias: "acme", domains: [{ name: "acme.example", verified: true }] }),
  },
  {
    name: "roles in a circle",
    byHand: async (at) => {
      await at.post("/roles", { name: "a" });
      await at.post("/roles", { name: "b" });
      await at.post("/roles/a/composites", [await at.get("/roles/b")]);
      await at.post("/roles/b/composites", [await at.get("/roles/a")]);
    },
  },
  {
    name: "everybody has a role",
    byHand: async (at) => {
      await at.post("/roles", { name: "reader" });
      await at.post(`/roles/default-roles-${at.realm}/composites`, [await at.get("/roles/reader")]);
    },
  },
  {
    name: "role called constructor",
    byHand: (at) => at.post("/roles", { name: "constructor", description: "odd", attributes: { toString: ["x"] } }),
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
    name: "group with a description",
    byHand: (at) => at.post("/groups", { name: "staff", description: "Those who work here" }),
  },
  {
    name: "attributes called types and composite",
    byHand: (at) => at.post("/groups", { name: "staff", attributes: { types: ["a"], composite: ["b"], id: ["c"] } }),
  },
  { name: "events without listeners", with: { eventsListeners: [] } },
  {
    name: "security headers emptied",
    with: { browserSecurityHeaders: { contentSecurityPolicy: "", xFrameOptions: "" } },
  },
  {
    name: "a built-in scope deleted",
    byHand: async (at) => at.del(`/client-scopes/${named(await at.list("/client-scopes"), "name", "phone").id}`),
  },
  {
    name: "a required action unregistered",
    byHand: (at) => at.del("/authentication/required-actions/VERIFY_PROFILE"),
  },
  { name: "locales while texts are off", with: { supportedLocales: ["de", "en"], internationalizationEnabled: false } },
  {
    name: "built-in browser flow changed",
    byHand: async (at) => {
      const [cookie] = await at.list("/authentication/flows/browser/executions");
      await at.put("/authentication/flows/browser/executions", { ...cookie, requirement: "DISABLED" });
    },
  },
  {
    name: "SMTP with a password",
    with: {
      smtpServer: { host: "mail.example", from: "a@b.example", auth: "true", user: "u", password: "kept by hand" },
    },
  },
  {
    name: "profile attribute with checks",
    byHand: async (at) => {
      const profile = (await at.get("/users/profile")) as { attributes: unknown[] };
      const floor = {
        name: "floor",
        required: {},
        validations: { email: {} },
        permissions: { view: [], edit: ["admin"] },
      };
      await at.put("/users/profile", { ...profile, attributes: [floor, ...profile.attributes] });
    },
  },
];
