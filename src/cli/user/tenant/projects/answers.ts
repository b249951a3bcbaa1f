import { z } from "zod";
import { pageSchema, personSchema } from "../answers.ts";

const projectAtSchema = z.object({ cloud: z.string(), id: z.string(), description: z.string(), enabled: z.boolean() });

/** How a cloud of the tenant is known. */
const cloudSchema = z.object({
  cloud: z.string(),
  domain: z.string(),
  manages: z.boolean(),
  state: z.string(),
  at: z.string().optional(),
});

const projectSchema = z.object({ name: z.string(), kept_by: z.string(), at: z.array(projectAtSchema) });

/** One page of the projects, and the clouds. */
export const projectsSchema = pageSchema(projectSchema).extend({ clouds: z.array(cloudSchema) });

/** A project on one cloud, who has what on it, and its limits. */
export const shownProjectSchema = projectAtSchema.extend({
  name: z.string(),
  kept_by: z.string(),
  domain: z.string(),
  may_change: z.boolean(),
  sets: z.array(z.string()),
  at: z.string(),
  access: z.array(z.object({ grant: z.string(), set: z.string(), role: z.string(), people: z.array(personSchema) })),
  limits: z.array(z.object({ service: z.string(), resource: z.string(), limit: z.number() })).optional(),
});

/** A project on one cloud. */
export type ShownProject = z.infer<typeof shownProjectSchema>;

/** What became of a new project on each cloud. */
export const madeSchema = z.object({
  name: z.string(),
  sets: z.array(z.string()),
  not_givable: z.string().optional(),
  at: z.array(
    z.object({
      cloud: z.string(),
      outcome: z.string(),
      project: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
});

/** A project on one cloud, after a change of it. */
export const changedSchema = projectAtSchema.extend({ name: z.string() });
