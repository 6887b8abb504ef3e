import "@fontsource-variable/inter";
import { findWorkstationBridge } from "#renderer/bridge/workstation.ts";
import { mountWorkstation } from "./Workstation.tsx";

const page = document.getElementById("root");
if (page === null) throw new Error("The page has no root.");
mountWorkstation(page, findWorkstationBridge());
