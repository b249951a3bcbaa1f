import { z } from "zod";
import { referenceSchema } from "../yaml/index.ts";

const branch = z
  .string()
  .regex(/^(?!.*(?:\.\.|\/\/|\.lock$|\.$|\/$))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, "the name of a branch expected");

const path = (description: string) => z.string().min(1).describe(`${description}; relative to this file`);

/** Where the tenants' own policy files are kept. */
export const policyRepositorySchema = z
  .strictObject({
    folder: path("bare Git repository; made at the first start"),
    branch: branch.default("main").describe("whose newest commit counts"),
    remote: z
      .strictObject({
        url: z
          .string()
          .regex(
            /^(?:https?|ssh|file):\/\/[^\s@]+$|^ssh:\/\/[\w.-]+@[^\s@]+$|^[\w.-]+@[\w.-]+:[^\s]+$/,
            "an address like https://git.example/policies.git or git@git.example:policies.git expected, without a password",
          )
          .describe("address of the other repository"),
        branch: branch.default("main").describe("its branch"),
        user: z.string().min(1).max(200).optional().describe("for https; with `password`"),
        password: referenceSchema.optional(),
        proposals: z
          .array(
            z
              .string()
              .regex(
                /^(?:\.|(?!\.)[^\s/][^/]*(?:\/[^\s/.][^/]*)*)$/,
                "a folder or file of the repository, or `.`, expected",
              ),
          )
          .max(1000)
          .default([])
          .describe(
            "paths whose changes are not saved at once but proposed, each on a branch `cloudpass/…` there, and count when somebody has merged it: the folders called after tenants, or `.` for all",
          ),
      })
      .refine((r) => (r.user === undefined) === (r.password === undefined), '"user" and "password" go together')
      .optional()
      .describe(
        "another repository that gets what is saved here, and whose commits come here, every five seconds; while it is away, saving goes on",
      ),
    committer: z
      .strictObject({
        name: z.string().min(1).max(100).default("cloudpass").describe("name"),
        email: z.string().min(1).max(200).default("cloudpass@localhost").describe("address"),
      })
      .prefault({})
      .describe("who commits for people; they are the authors. A server may refuse an address that it does not know"),
  })
  .describe(
    "policy files of tenants, besides `policies`: what managers change in the console is a commit there, in the folder called after the tenant. Read again every 2 s. Default: none, and the console changes nothing",
  );
