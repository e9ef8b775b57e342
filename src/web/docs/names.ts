/** Gives names to controls that Swagger UI draws without one, and the keyboard a way into what scrolls. */

const ATTRIBUTES: readonly (readonly [
  selector: string,
  name: string,
  value: (element: Element) => string,
])[] = [
  [".body-param__text", "aria-label", () => "Request body"],
  [".examples-select-element", "aria-label", () => "Example"],
  [".body-param-content-type select", "aria-label", () => "Type of the request body"],
  ["[data-param-name] :is(select, input)", "aria-label", parameter],
  ["pre.microlight, pre.curl", "tabindex", () => "0"],
];

function parameter(control: Element): string {
  return control.closest("[data-param-name]")?.getAttribute("data-param-name") ?? "Parameter";
}

/** Now and whenever something is drawn inside `root`. */
export function nameControls(root: Element): void {
  const name = () => {
    for (const [selector, attribute, value] of ATTRIBUTES)
      for (const element of root.querySelectorAll(`:is(${selector}):not([${attribute}])`))
        element.setAttribute(attribute, value(element));
  };
  new MutationObserver(name).observe(root, { childList: true, subtree: true });
}
