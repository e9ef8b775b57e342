/** The head of a page and the column below it. */
import type { ComponentChildren } from "preact";

type PageShape = {
  title: ComponentChildren;
  /** What the page is for, in a line. */
  about?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
};

export function Page({ title, about, actions, children }: PageShape) {
  return (
    <div class="page">
      <div class="page-head">
        <div class="stack tight">
          <h1 class="wrap-anywhere" dir="auto">
            {title}
          </h1>
          {about && <p class="muted">{about}</p>}
        </div>
        {actions && <div class="row">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
