import { addAccess } from "./access/index.ts";
import { addClouds } from "./clouds/index.ts";
import { addEnv } from "./env.ts";
import { addProfiles } from "./profiles/index.ts";
import { addSessions } from "./sessions/index.ts";
import { addWhoami } from "./whoami.ts";

/** Commands of a person that no program calls at every request, by name. */
export const occasional = {
  env: addEnv,
  clouds: addClouds,
  whoami: addWhoami,
  access: addAccess,
  sessions: addSessions,
  profiles: addProfiles,
};
