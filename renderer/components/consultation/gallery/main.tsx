import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BridgeProvider } from "#renderer/data/BridgeProvider.tsx";
import { Words } from "#renderer/i18n/Words.tsx";
import { Root, type Theme } from "#renderer/ui/Root.tsx";
import { scenes, type SceneName } from "./scenes.tsx";

/** Shows one scene: `?scene=room&theme=dark&language=es&dir=rtl`. Without one, the list of them. */
const asked = new URLSearchParams(location.search);
const name = asked.get("scene");
const theme = (asked.get("theme") ?? "system") as Theme;
const language = asked.get("language") === "es" ? "es" : "en";
const dir = asked.get("dir") === "rtl" ? "rtl" : "ltr";

function Gallery() {
  if (name === null || !(name in scenes)) {
    return (
      <ul>
        {Object.keys(scenes).map((scene) => (
          <li key={scene}>
            <a href={`?scene=${scene}&theme=${theme}`}>{scene}</a>
          </li>
        ))}
      </ul>
    );
  }
  const { bridge, view } = scenes[name as SceneName]();
  return (
    <Words language={language} locale={language === "es" ? "es-ES" : "en-GB"}>
      <Root
        theme={theme}
        dir={dir}
        style={{
          minBlockSize: "100%",
          blockSize: name === "primitives" || name === "faults" ? undefined : "100%",
          background: "var(--cr-canvas)",
        }}
      >
        <BridgeProvider bridge={bridge}>{view}</BridgeProvider>
      </Root>
    </Words>
  );
}

createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <Gallery />
  </StrictMode>,
);
