import { clientId, type Fields } from "../hand.ts";
import type { Recipe } from "../recipe.ts";

type Profile = Fields & { readonly attributes: readonly Fields[]; readonly groups: readonly Fields[] };

/** Traits of roles, groups and the user profile. */
export const peopleTraits: readonly Recipe[] = [
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
    name: "everybody lacks Keycloak's own roles",
    byHand: async (at) => {
      const account = await clientId(at, "account");
      const taken = [await at.get("/roles/offline_access"), await at.get(`/clients/${account}/roles/view-profile`)];
      await at.del(`/roles/default-roles-${at.realm}/composites`, taken);
    },
  },
  {
    name: "role of a client with composites of both kinds",
    byHand: async (at) => {
      await at.post("/roles", { name: "r", description: "Of the realm", attributes: { a: ["1", "2"], b: [] } });
      const id = await at.post("/clients", { clientId: "api", publicClient: true });
      await at.post(`/clients/${id}/roles`, { name: "admin", description: "" });
      await at.post(`/clients/${id}/roles`, { name: "view" });
      const parts = [await at.get("/roles/r"), await at.get(`/clients/${id}/roles/view`)];
      await at.post(`/clients/${id}/roles/admin/composites`, parts);
    },
  },
  {
    name: "role of a built-in client",
    byHand: async (at) => at.post(`/clients/${await clientId(at, "account")}/roles`, { name: "mine" }),
  },
  {
    name: "group with a description",
    byHand: (at) => at.post("/groups", { name: "staff", description: "Those who work here" }),
  },
  {
    name: "groups with roles, attributes and children",
    byHand: async (at) => {
      await at.post("/roles", { name: "r" });
      const staff = await at.post("/groups", { name: "staff", attributes: { floor: ["1", "2"], "a.b": ["x"] } });
      const night = await at.post(`/groups/${staff}/children`, { name: "night" });
      await at.post(`/groups/${night}/role-mappings/realm`, [await at.get("/roles/r")]);
      const account = await clientId(at, "account");
      const view = await at.get(`/clients/${account}/roles/view-consent`);
      await at.post(`/groups/${staff}/role-mappings/clients/${account}`, [view]);
    },
  },
  {
    name: "default group within another",
    byHand: async (at) => {
      const staff = await at.post("/groups", { name: "staff" });
      const night = await at.post(`/groups/${staff}/children`, { name: "night" });
      await at.put(`/default-groups/${night}`, {});
    },
  },
  {
    name: "profile attribute with checks",
    byHand: async (at) => {
      const profile = (await at.get("/users/profile")) as Profile;
      const floor = {
        ...{ name: "floor", required: {}, validations: { email: {} } },
        permissions: { view: [], edit: ["admin"] },
      };
      await at.put("/users/profile", { ...profile, attributes: [floor, ...profile.attributes] });
    },
  },
  {
    name: "profile with headings, hints and options",
    byHand: async (at) => {
      const profile = (await at.get("/users/profile")) as Profile;
      const heading = {
        ...{ name: "work", displayHeader: "Work", displayDescription: "Where you work" },
        annotations: { icon: "desk" },
      };
      const floor = {
        ...{ name: "floor", displayName: "Floor", multivalued: true, group: "work", defaultValue: "2" },
        ...{ validations: { options: { options: ["1", "2"] }, length: { max: 9 } } },
        ...{ annotations: { inputType: "select", inputOptionLabels: { "1": "First", "2": "Second" } } },
        ...{ permissions: { view: ["admin", "user"], edit: ["user", "admin"] }, selector: { scopes: ["profile"] } },
        required: { roles: ["user"], scopes: ["profile"] },
      };
      const groups = [...profile.groups, heading];
      await at.put("/users/profile", { attributes: [...profile.attributes, floor], groups });
    },
  },
  {
    name: "profile of which built-in attributes are changed and gone",
    byHand: async (at) => {
      const profile = (await at.get("/users/profile")) as Profile;
      const kept = profile.attributes.filter(({ name }) => name !== "lastName").reverse();
      const attributes = kept.map((it) => (it["name"] === "firstName" ? { ...it, required: undefined } : it));
      await at.put("/users/profile", { ...profile, attributes, unmanagedAttributePolicy: "ADMIN_EDIT" });
    },
  },
];
