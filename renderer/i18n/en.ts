import { common } from "./en/common.ts";
import { faults } from "./en/faults.ts";
import { history } from "./en/history.ts";
import { patient } from "./en/patient.ts";
import { room } from "./en/room.ts";
import { workstation } from "./en/workstation.ts";

/** Every word in English, the complete language. Each screen has its section in its own file. */
export const en = { common, faults, history, patient, room, workstation } as const;
