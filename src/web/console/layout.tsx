/** The frame around every page: navigation at the side, on a phone behind a button at the top. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Icon } from "../ui/icons.tsx";
import { useStore } from "../ui/store.ts";
import { words } from "../ui/words.ts";
import { AccountMenu } from "./account-menu.tsx";
import type { PageRoute } from "./routes.ts";
import { session } from "./session.ts";

const t = words({
  navigation: ["Navigation", "التنقل"],
  open: ["Open navigation", "افتح التنقل"],
  close: ["Close navigation", "أغلق التنقل"],
  skip: ["Skip to the content", "تخطَّ إلى المحتوى"],
  platform: ["Platform", "المنصة"],
});

type LayoutProps = { routes: readonly PageRoute[]; children: ComponentChildren };

export function Layout({ routes, children }: LayoutProps) {
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  const current = useStore(session);
  const toggle = useRef<HTMLButtonElement>(null);
  useEffect(() => setOpen(false), [path]);
  const here = routes.find(({ home }) => path === home || path.startsWith(`${home}/`));
  useEffect(() => {
    document.title = here ? `${here.label()} · Kalamna` : "Kalamna";
  }, [here]);
  const orgName = current?.org?.name ?? t("platform");
  return (
    <div class="frame">
      <a class="skip" href="#content">
        {t("skip")}
      </a>
      <header class="topbar">
        <button
          ref={toggle}
          type="button"
          class="button quiet icon"
          aria-expanded={open}
          aria-controls="side"
          aria-label={open ? t("close") : t("open")}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? "close" : "menu"} />
        </button>
        <strong class="clip" dir="auto">
          {here?.label() ?? "Kalamna"}
        </strong>
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape from any link inside closes it */}
      <div
        id="side"
        class={open ? "side open" : "side"}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setOpen(false);
          toggle.current?.focus();
        }}
      >
        <div class="brand">
          <span class="logo" aria-hidden="true" />
          <span class="clip" dir="auto" title={orgName}>
            {orgName}
          </span>
        </div>
        <nav aria-label={t("navigation")}>
          {routes.map(
            (route) =>
              route.icon && (
                <Link
                  key={route.home}
                  href={route.home}
                  class="nav-link"
                  aria-current={route === here ? "page" : undefined}
                >
                  <Icon name={route.icon} />
                  {route.label()}
                </Link>
              ),
          )}
        </nav>
        <AccountMenu />
      </div>
      {open && (
        <button
          type="button"
          class="shade"
          tabIndex={-1}
          aria-label={t("close")}
          onClick={() => setOpen(false)}
        />
      )}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
