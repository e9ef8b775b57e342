/** The console: everything it shows comes from the public API. */
import { render } from "preact";
import { applyLanguage } from "../ui/words.ts";
import { App } from "./app.tsx";
import { applyTheme } from "./theme.ts";

applyLanguage();
applyTheme();
const root = document.getElementById("root");
if (root) render(<App />, root);
