/** The console: everything it shows comes from the public API. */
import { render } from "preact";

const root = document.getElementById("root");
if (root) render(<h1>Kalamna</h1>, root);
