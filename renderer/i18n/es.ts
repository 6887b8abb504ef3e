import { common } from "./es/common.ts";
import { patient } from "./es/patient.ts";
import { history } from "./es/history.ts";
import { room } from "./es/room.ts";
import { workstation } from "./es/workstation.ts";
import type { Partially } from "./keys.ts";
import type { en } from "./en.ts";

/** Spanish, as far as it is translated; what is missing here is shown in English. Loaded when it is asked for. */
export const es = { common, history, patient, room, workstation } as const satisfies Partially<
  typeof en
>;
