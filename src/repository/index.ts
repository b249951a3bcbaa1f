export { commitIdOf } from "./commit-object.ts";
export type { Changes } from "./draft.ts";
export type { GitCall, RunGit } from "./git.ts";
export type { Files } from "./objects.ts";
export { openRepository, type Repository, type RepositoryDeps, type RepositorySettings } from "./open.ts";
export type { TextProblem } from "./paths.ts";
export { largestRecord } from "./records.ts";
export type { NotSaved } from "./save.ts";
export { topOf, type Verdict, type Vet } from "./vet.ts";
