/** The API reference: Swagger UI over /openapi.json, which is where every request that is tried goes, too. */
import "../ui/tokens.css";
import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { applyTheme, theme } from "../console/theme.ts";
import { nameControls } from "./names.ts";
import { accessible } from "./plugin.ts";

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** As the console has it; Swagger UI knows its dark colours by a class. */
function shade(): void {
  applyTheme();
  const chosen = theme.get();
  const dark = chosen === "system" ? DARK.matches : chosen === "dark";
  document.documentElement.classList.toggle("dark-mode", dark);
}

shade();
DARK.addEventListener("change", shade);

const domNode = document.getElementById("reference");
if (domNode) {
  nameControls(domNode);
  SwaggerUI({
    url: "/openapi.json",
    domNode,
    deepLinking: true,
    docExpansion: "none",
    // The schemas stand in their operations; a list of them takes seconds to draw.
    defaultModelsExpandDepth: -1,
    filter: true,
    tryItOutEnabled: true,
    // Nobody else is asked whether the document is valid; a test does that.
    validatorUrl: null,
    plugins: [accessible],
  });
}
