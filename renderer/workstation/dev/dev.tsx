/**
 * The workstation on an invented clinic in memory, for looking at it while building it
 * (`dev.html?scene=today`; without a scene, the list of them). No product build has this page.
 */
import "@fontsource-variable/inter";
import { openMemoryBridge } from "#renderer/bridge/memory-bridge.ts";
import { mountWorkstation } from "../Workstation.tsx";
import { scenes } from "./scenes.ts";

const page = document.getElementById("root");
if (page === null) throw new Error("The page has no root.");

const name = new URLSearchParams(window.location.search).get("scene");
const scene = scenes.find((one) => one.name === name);

if (scene === undefined) {
  const list = document.createElement("ul");
  for (const one of scenes) {
    const link = document.createElement("a");
    link.href = `?scene=${one.name}`;
    link.dataset["scene"] = one.name;
    link.textContent = one.name;
    list.append(document.createElement("li"));
    list.lastElementChild?.append(link);
  }
  page.replaceChildren(list);
} else {
  const { bridge, control } = openMemoryBridge(scene.options);
  scene.prepare?.(control);
  if (scene.place !== undefined && window.location.hash === "") {
    window.history.replaceState(null, "", scene.place);
  }
  Object.defineProperty(window, "control", { value: control });
  mountWorkstation(page, bridge);
}
