import "./no-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Words } from "#renderer/i18n/Words.tsx";
import { PatientApp } from "./PatientApp.tsx";
import "./page.css";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root.");
createRoot(root).render(
  <StrictMode>
    <Words>
      <PatientApp />
    </Words>
  </StrictMode>,
);
