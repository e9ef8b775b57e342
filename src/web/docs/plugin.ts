/** What Swagger UI's own components lack for whoever does not see them or has no mouse, put right one by one. */
import type { Plugin } from "swagger-ui-dist/swagger-ui-es-bundle.js";

type Focusable = { focus(): void };
type Key = { key: string };
type AuthActions = { showDefinitions(shown: false): void };

export const accessible: Plugin = ({ React: { createElement: h } }) => ({
  components: {
    // A link inside a button is one of the two only to a mouse; opening an operation sets the address as well.
    DeepLink: ({ text }) => h("span", null, text),
    // An icon alone has no name.
    CloseIcon: () => h("span", null, "Close"),
    // There is one, the page's own.
    ServersContainer: () => null,
  },
  wrapComponents: {
    // A name that differs from the words on the button cannot be spoken to it.
    Button: (original) => (props) =>
      h(original, typeof props.children === "string" ? { ...props, "aria-label": undefined } : props),
    authorizationPopup: (original) => (props) =>
      h(
        "div",
        {
          role: "dialog",
          "aria-modal": true,
          "aria-label": "Authorize",
          tabIndex: -1,
          ref: (dialog: Focusable | null) => dialog?.focus(),
          onKeyDown: ({ key }: Key) => {
            if (key === "Escape") (props.authActions as AuthActions).showDefinitions(false);
          },
        },
        h(original, props),
      ),
  },
});
