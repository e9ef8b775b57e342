import pg from "pg";
import type { Browser, Locator, Page as Tab } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type ModelServer, startModelServer } from "../support/model-server.ts";
import corpus from "../web/xss-corpus.json" with { type: "json" };
import {
  describeInBrowser,
  expectAccessible,
  openBrowser,
  openPage,
  PHONE,
  screenshot,
  type WatchedPage,
  type WatchOptions,
} from "./support/browser.ts";
import { type Line, type Page, type Site, startLine, startSite } from "./support/sites.ts";
import { startTestStack, type TestStack } from "./support/stack.ts";

const DELIVERY = "How long does standard delivery take?";
const ANSWER = `Standard delivery within the United Kingdom takes **2 to 4 working days** [1].

| Service | Time |
|---|---|
| Standard | 2 to 4 working days |
| Express | next working day |`;

/** How the model answers from now on. */
type Behaviours = Parameters<typeof JSON.stringify>[0][];

describeInBrowser("the widget", () => {
  let stack: TestStack;
  let models: ModelServer;
  let browser: Browser;
  let shop: Site;
  let stranger: Site;
  let line: Line;
  let key: string;
  const pages = new Map<string, Page>();
  const open: WatchedPage[] = [];

  async function model(...behaviours: Behaviours): Promise<void> {
    const body = JSON.stringify({ model: "shop-model", behaviours });
    await fetch(`${models.url}/control`, { method: "POST", body });
  }
  const speaks = (text: string, everyMs = 5) => model({ do: "answer", text, pieces: "words", everyMs });

  async function visit(url: string, options: WatchOptions = {}): Promise<WatchedPage & { widget: Locator }> {
    const watched = await openPage(browser, options);
    open.push(watched);
    await watched.page.goto(url);
    return { ...watched, widget: watched.page.locator("kalamna-widget") };
  }

  /** A page of the shop's site with the widget's tag, or with whatever stands in for it. */
  function shopPage(path: string, tag = scriptTag(), more: Partial<Page> & { lang?: string } = {}): string {
    const { lang = "en", body = "<main><h1>Shop</h1><p>Words.</p></main>", headers = {} } = more;
    pages.set(path, {
      body: `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Shop</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">${tag}</head><body>${body}</body></html>`,
      headers,
    });
    return `${shop.url}${path}`;
  }
  const scriptTag = (attributes = "", from = stack.url, widgetKey = key) =>
    `<script src="${from}/widget.js" data-key="${widgetKey}" ${attributes} async></script>`;

  async function launch(widget: Locator, name: string | RegExp = "Open chat"): Promise<void> {
    await widget.getByRole("button", { name }).click();
  }
  async function ask(widget: Locator, question = DELIVERY): Promise<void> {
    await widget.locator("textarea[name=question]").fill(question);
    await widget.locator("textarea[name=question]").press("Enter");
  }
  const exchange = (widget: Locator) => widget.locator(".exchange").last();
  const text = async (one: Locator) => (await one.textContent()) ?? "";
  const answered = (widget: Locator) => exchange(widget).locator(".thumbs").waitFor();
  const failure = async (widget: Locator) => {
    await exchange(widget).locator(".failed").waitFor();
    return text(exchange(widget).locator(".failed"));
  };

  beforeAll(async () => {
    models = await startModelServer();
    stack = await startTestStack({
      variables: {
        OPENAI_API_KEY: "sk-test",
        OPENAI_BASE_URL: `${models.url}/v1`,
        CHAT_MODEL: "shop-model",
        EMBEDDING_MODEL: "offline",
      },
    });
    [browser, shop, stranger, line] = await Promise.all([
      openBrowser(),
      startSite((path) => pages.get(path)),
      startSite((path) => pages.get(path)),
      startLine(stack.url),
    ]);
    key = await newKey();
    // The same question is asked of a model that answers differently each time.
    await stack.api("PATCH", "/api/v1/org", { settings: { answer_cache: "off" } });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([shop, stranger, line, models].map((one) => one?.close()));
    await stack?.stop();
  });
  afterEach(async () => {
    line.cutAt = undefined;
    line.down = false;
    line.instead = undefined;
    await Promise.all(open.splice(0).map(({ context }) => context.close()));
  });

  test("on the demo shop answers as it reads, shows the passage, takes a thumb and remembers the visit", async () => {
    await speaks(ANSWER, 120);
    const demo = `${stack.url}/demo/?key=${stack.demo.widgetKey}`;
    const { page, widget, complaints } = await visit(demo, { hosts: [new URL(stack.url).host] });
    await widget.getByRole("button", { name: /Ask us/ }).waitFor();
    await screenshot(page, "widget-launcher");
    await expectAccessible(page);
    await launch(widget, /Ask us/);
    expect(await focused(page)).toBe("question");
    await screenshot(page, "widget-welcome");
    await expectAccessible(page);

    await widget.getByRole("button", { name: DELIVERY }).click();
    await exchange(widget).locator(".answer").waitFor();
    const early = await text(exchange(widget).locator(".answer"));
    expect(early.length).toBeLessThan(ANSWER.length - 60);
    await screenshot(page, "widget-streaming");
    await answered(widget);
    await expect.poll(() => exchange(widget).locator("td").allInnerTexts()).toContain("2 to 4 working days");
    await expect.poll(() => text(exchange(widget).locator("strong"))).toBe("2 to 4 working days");
    await screenshot(page, "widget-answer");
    await expectAccessible(page);

    await exchange(widget).locator(".chip").first().click();
    const passage = widget.locator(".passage");
    await expect
      .poll(() => text(passage.locator("h3").first()))
      .toContain("Orders, delivery, returns and warranty");
    expect((await passage.locator("mark").allInnerTexts()).join(" ")).toContain("2 to 4 working days");
    await screenshot(page, "widget-passage");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect.poll(() => passage.count()).toBe(0);

    await widget.getByRole("button", { name: "This did not help" }).click();
    await widget.getByLabel("It is out of date").check();
    await widget.getByLabel("Tell us more").fill("Delivery takes longer now.");
    await screenshot(page, "widget-feedback");
    await expectAccessible(page);
    await widget.getByRole("button", { name: "Send feedback" }).click();
    await widget.getByText("Thank you, noted.").first().waitFor();
    const noted = { rating: "down", reason: "outdated", comment: "Delivery takes longer now." };
    await vi.waitFor(async () => {
      const { data } = await stack.api("GET", "/api/v1/feedback");
      expect(data).toMatchObject([noted]);
    });

    await page.reload();
    await exchange(widget).locator(".answer").waitFor();
    await expect.poll(() => text(exchange(widget).locator(".question"))).toContain(DELIVERY);
    await widget.getByRole("button", { name: "New chat" }).click();
    await expect.poll(() => widget.locator(".exchange").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("speaks Arabic from right to left on a phone, and German, French and the page's own words", async () => {
    await speaks("يمكن إرجاع المنتجات غير المستعملة خلال **30 يومًا** من تاريخ الشراء [1].");
    const { page, widget, complaints } = await visit(`${stack.url}/demo/ar/?key=${stack.demo.widgetKey}`, {
      viewport: PHONE,
    });
    await widget.getByRole("button", { name: /اسألنا/ }).waitFor();
    await screenshot(page, "widget-ar-launcher-390");
    await launch(widget, /اسألنا/);
    await screenshot(page, "widget-ar-welcome-390");
    await expectAccessible(page);
    await widget.getByRole("button", { name: /مدة إرجاع/ }).click();
    await answered(widget);
    await screenshot(page, "widget-ar-answer-390");
    await expectAccessible(page);
    const panel = await widget.locator(".panel").boundingBox();
    expect(panel).toEqual({ x: 0, y: 0, width: PHONE.width, height: PHONE.height });
    await exchange(widget).locator(".chip").first().click();
    await screenshot(page, "widget-ar-passage-390");
    await expectAccessible(page);
    expect(complaints).toEqual([]);

    for (const [lang = "", attributes, placeholder] of [
      ["de-AT", "", "Stellen Sie eine Frage"],
      ["fr", "", "Posez une question"],
      ["en", 'data-lang="de"', "Stellen Sie eine Frage"],
      ["nl", `data-strings='{"placeholder":"Stel een vraag"}'`, "Stel een vraag"],
      ["xx", "", "Ask a question"],
    ]) {
      const url = shopPage("/spoken", scriptTag(`data-open ${attributes}`), { lang });
      const { widget } = await visit(url);
      await expect
        .poll(() => widget.locator("textarea").first().getAttribute("placeholder"))
        .toBe(placeholder);
    }
  });

  test("works on a third party's page that its key lists, and says so in words on one that it does not", async () => {
    await speaks(ANSWER);
    const url = shopPage("/third-party");
    const hosts = [stack.url, shop.url, stranger.url].map((one) => new URL(one).host);
    const allowed = await visit(url, { hosts });
    await launch(allowed.widget);
    await ask(allowed.widget);
    await answered(allowed.widget);
    expect(await allowed.context.cookies()).toEqual([]);
    expect(allowed.complaints).toEqual([]);

    const elsewhere = await visit(`${stranger.url}/third-party`, { hosts, expected: /status of 403/ });
    await launch(elsewhere.widget);
    await ask(elsewhere.widget);
    expect(await failure(elsewhere.widget)).toContain(`not set up for this website (${stranger.url})`);
    await screenshot(elsewhere.page, "widget-other-origin");
    expect(elsewhere.complaints).toEqual([]);
  });

  test("keeps its looks and its wits on a hostile page", async () => {
    await speaks(ANSWER);
    const policy = `default-src 'none'; script-src ${stack.url} 'nonce-own'; connect-src ${stack.url}; require-trusted-types-for 'script'`;
    const url = shopPage(
      "/hostile",
      `<style nonce="own">
        :not(html, body, head, head *) { all: unset !important; display: none !important; color: red !important; font: 40px serif !important }
        kalamna-widget { position: static !important; opacity: 0 !important; transform: scale(3) !important }
        html { font-size: 4px; direction: rtl; display: flex }
      </style>
      <script nonce="own">
        Array.prototype.polluted = function () {};
        Object.prototype.polluted = "x";
        Array.prototype.toJSON = function () { return "no array"; };
        window.heard = [];
        addEventListener("keydown", ({ key }) => heard.push(key));
      </script>${scriptTag()}${scriptTag("data-title=second")}`,
      {
        headers: {
          "content-security-policy": policy.replace(
            "default-src 'none'",
            "default-src 'none'; style-src 'nonce-own'",
          ),
        },
      },
    );
    const { page, widget, complaints } = await visit(url);
    await launch(widget);
    await expect.poll(() => page.locator("kalamna-widget").count()).toBe(1);
    await ask(widget);
    await answered(widget);
    const launcher = await widget.locator(".launcher").boundingBox();
    expect(launcher).toMatchObject({ width: 56, height: 56 });
    const looks = await widget.locator(".answer").evaluate((element) => {
      const { fontSize, color, direction } = (globalThis as any).getComputedStyle(element);
      return { fontSize, color, direction };
    });
    expect(looks).toEqual({ fontSize: "15px", color: "rgb(26, 29, 33)", direction: "ltr" });
    expect(await page.evaluate(() => (globalThis as any).heard)).toEqual([]);
    await screenshot(page, "widget-hostile");
    // Frameworks replace the body when they navigate.
    await page.evaluate(() => {
      const { document } = globalThis as any;
      document.body.replaceWith(document.createElement("body"));
    });
    await expect.poll(() => exchange(widget).locator(".answer").isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("works where the browser keeps nothing", async () => {
    await speaks(ANSWER);
    const url = shopPage(
      "/blocked",
      `<script>for (const name of ["sessionStorage", "localStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });</script>${scriptTag()}`,
    );
    const { widget, complaints } = await visit(url);
    await launch(widget);
    await ask(widget);
    await answered(widget);
    expect(complaints).toEqual([]);
  });

  test("is used by keyboard alone, and does not read every word aloud", async () => {
    await speaks(ANSWER, 20);
    const { page, widget, complaints } = await visit(shopPage("/keys"));
    await widget.locator(".launcher").focus();
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("question");
    await page.keyboard.type(DELIVERY);
    await page.evaluate(() => {
      const { document, MutationObserver } = globalThis as any;
      const spoken: string[] = [];
      (globalThis as any).spoken = spoken;
      const region = document.querySelector("kalamna-widget").shadowRoot.querySelector("[aria-live]");
      new MutationObserver(() => spoken.push(region.textContent)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await page.keyboard.press("Enter");
    await answered(widget);
    const spoken: string[] = await vi.waitUntil(async () => {
      const said = await page.evaluate(() => (globalThis as any).spoken as string[]);
      return said.length > 1 && said;
    });
    expect(spoken[0]).toBe("Searching our documents");
    expect(spoken).toHaveLength(2);
    expect(spoken[1]).toContain("takes 2 to 4 working days");
    expect(spoken[1]).not.toMatch(/[*[\]|]/);

    const stops: string[] = [];
    for (let press = 0; press < 16; press++) {
      await page.keyboard.press("Tab");
      stops.push(await focused(page));
    }
    expect(stops).not.toContain("");
    expect(new Set(stops)).toContain("Close chat");
    expect(new Set(stops)).toContain("question");
    await page.keyboard.press("Escape");
    await expect.poll(() => widget.locator(".panel").count()).toBe(0);
    expect(await focused(page)).toBe("Open chat");
    expect(complaints).toEqual([]);
  });

  test("stops on request, and tries again", async () => {
    await speaks("one two three four five six seven eight nine ten ".repeat(20), 100);
    const { page, widget, complaints } = await visit(shopPage("/stop"));
    await launch(widget);
    await ask(widget);
    await exchange(widget).locator(".answer").waitFor();
    await widget.getByRole("button", { name: "Stop" }).click();
    await exchange(widget).getByText("Stopped.").waitFor();
    await screenshot(page, "widget-stopped");
    await vi.waitUntil(async () => {
      const seen = await (await fetch(`${models.url}/control/requests?model=shop-model`)).json();
      return (seen as any).requests.at(-1).state === "aborted";
    });
    await speaks(ANSWER);
    await widget.getByRole("button", { name: "Try again" }).click();
    await answered(widget);
    await expect.poll(() => widget.locator(".exchange").count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test("says in plain words what is wrong: no network, too fast, month used up, no model", async () => {
    // A key of its own: it will be used up for a minute.
    const own = await newKey();
    await speaks(ANSWER);
    const { page, context, widget, complaints } = await visit(
      shopPage("/wrong", scriptTag("", line.url, own)),
      {
        expected: /Failed to load resource/,
      },
    );
    await launch(widget);
    await context.setOffline(true);
    await widget.getByText("You are offline.").waitFor();
    await expect.poll(() => widget.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    await screenshot(page, "widget-offline");
    await expectAccessible(page);
    await context.setOffline(false);
    await widget.getByText("You are offline.").waitFor({ state: "detached" });

    line.down = true;
    await ask(widget);
    expect(await failure(widget)).toContain("cannot be reached");
    line.down = false;

    await model({ do: "status", status: 500 });
    await ask(widget);
    expect(await failure(widget)).toMatch(/overloaded at the moment.*Reference [\w-]+/s);
    await expectAccessible(page);
    await screenshot(page, "widget-failed");

    await quota(0);
    await ask(widget);
    expect(await failure(widget)).toContain("all it can this month");
    await quota(null);

    const token = await page.evaluate(
      (name) => (globalThis as any).sessionStorage.getItem(name),
      `kalamna:${own}:token`,
    );
    const headers = { authorization: `Bearer ${token}`, origin: shop.url };
    await vi.waitUntil(
      async () => (await fetch(`${stack.url}/api/v1/documents`, { headers })).status === 429,
      {
        timeout: 60_000,
        interval: 1,
      },
    );
    await ask(widget);
    expect(await failure(widget)).toMatch(/ask again in \d+ s/);
    await screenshot(page, "widget-too-fast");
    expect(complaints).toEqual([]);
  });

  test("takes a broken answer up again where the organization lets it go on, and says so where not", async () => {
    const words = Array.from({ length: 60 }, (_, at) => `word${at}`).join(" ");
    await speaks(words, 50);
    await stack.api("PATCH", "/api/v1/org", { settings: { finish_answers: true } });
    const url = shopPage("/broken", scriptTag("", line.url));
    const first = await visit(url, { expected: /ERR_/ });
    await launch(first.widget);
    line.cutAt = "word20";
    await ask(first.widget);
    await answered(first.widget);
    expect(line.cutAt).toBeUndefined();
    expect((await text(exchange(first.widget).locator(".answer"))).trim()).toBe(words);
    expect(line.seen.some((request) => /^GET \/api\/v1\/chat\/[\w-]+\/stream$/.test(request))).toBe(true);

    // The page goes away in the middle of an answer, and comes back.
    await ask(first.widget);
    await exchange(first.widget).locator(".answer").waitFor();
    await first.page.reload();
    await answered(first.widget);
    expect((await text(exchange(first.widget).locator(".answer"))).trim()).toBe(words);
    expect(first.complaints).toEqual([]);

    await stack.api("PATCH", "/api/v1/org", { settings: { finish_answers: false } });
    const second = await visit(url, { expected: /ERR_|Failed to load/ });
    await launch(second.widget);
    line.cutAt = "word20";
    await ask(second.widget);
    expect(await failure(second.widget)).toContain("broke off");
    await speaks(ANSWER);
    await second.widget.getByRole("button", { name: "Try again" }).click();
    await answered(second.widget);
    expect(second.complaints).toEqual([]);
  });

  test("runs nothing that an answer smuggles in, whatever the server lets through", async () => {
    const answer = corpus.map((one) => `${one}\n\n[x](${one})`).join("\n\n");
    const events = [
      ["sources", { sources: [], message_id: "m", session_id: crypto.randomUUID() }],
      ["token", { text: answer }],
      ["done", { answer, grounded: true, supported: 1, message_id: "m", model: "evil", mode: "openai" }],
    ];
    line.instead = (path) =>
      path === "/api/v1/chat"
        ? {
            type: "text/event-stream",
            body: events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
          }
        : undefined;
    const { page, widget, complaints } = await visit(shopPage("/smuggled", scriptTag("", line.url)));
    await page.exposeFunction("pwned", () => complaints.push("pwned"));
    await launch(widget);
    await ask(widget);
    await answered(widget);
    const found: string[] = await exchange(widget)
      .locator(".answer")
      .evaluate((element: any) =>
        [...element.querySelectorAll("*")].flatMap((one: any) => [
          one.localName,
          ...[...one.attributes].map(({ name, value }: any) =>
            name === "href" ? `href ${value.split(":")[0].toLowerCase()}` : name,
          ),
        ]),
      );
    const allowed = [
      "a",
      "href http",
      "href https",
      "href mailto",
      "target",
      "rel",
      "class",
      "tabindex",
      "role",
      "start",
      "data-align",
    ];
    const words = [
      "p",
      "span",
      "br",
      "code",
      "pre",
      "strong",
      "em",
      "del",
      "hr",
      "ul",
      "ol",
      "li",
      "blockquote",
      "div",
    ];
    const tables = ["table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5", "h6"];
    expect(found.filter((one) => ![...allowed, ...words, ...tables].includes(one))).toEqual([]);
    for (const link of await exchange(widget).locator(".answer a").all())
      await expect.poll(() => link.getAttribute("rel")).toContain("noopener");
    expect(complaints).toEqual([]);
  });

  test("without a face is a module: in a page and in Node, typed, one question or a conversation", async () => {
    await speaks(ANSWER);
    const url = shopPage(
      "/headless",
      `<script type="module">
        import { createKalamna } from "${stack.url}/kalamna.js";
        const kalamna = createKalamna({ key: "${key}" });
        const types = [];
        for await (const event of kalamna.ask(${JSON.stringify(DELIVERY)})) types.push(event.type);
        window.types = types;
      </script>`,
    );
    const { page, complaints } = await visit(url);
    const types = await (await page.waitForFunction(() => (globalThis as any).types)).jsonValue();
    expect(types[0]).toBe("sources");
    expect(types.at(-1)).toBe("done");
    expect(types).toContain("citation");
    expect(complaints).toEqual([]);

    const { createKalamna } = await import("../../src/web/client/kalamna.ts");
    const made = await stack.api("POST", "/api/v1/api-keys", { name: "Node", scopes: ["chat"] });
    const kalamna = createKalamna({ url: stack.url, token: async () => made.key });
    const session = kalamna.session();
    let answer = "";
    for await (const event of session.ask(DELIVERY)) if (event.type === "token") answer += event.text;
    expect(answer).toContain("2 to 4 working days");
    expect(session.id).toMatch(/^[\w-]{36}$/);
    await expect(async () => {
      for await (const _ of createKalamna({ url: stack.url, token: "nonsense" }).ask("x"));
    }).rejects.toMatchObject({ name: "KalamnaError", code: "unauthenticated", status: 401 });
  });

  test("obeys its attributes and the page's custom properties, in the dark too", async () => {
    await speaks(ANSWER);
    const url = shopPage(
      "/themed",
      `<style>kalamna-widget { --kalamna-accent: #c2410c; --kalamna-width: 440px; --kalamna-radius: 4px }</style>${scriptTag(
        'data-open data-position="left" data-theme="dark" data-label="Help" data-title="Bothy Books" data-suggestions="One?|Two?"',
      )}`,
    );
    const { page, widget } = await visit(url);
    const box = await widget.locator(".panel").boundingBox();
    expect(box).toMatchObject({ x: 20, width: 440 });
    await expect.poll(() => widget.locator(".suggestion").allInnerTexts()).toEqual(["One?", "Two?"]);
    await expect.poll(() => widget.getByRole("dialog", { name: "Bothy Books" }).isVisible()).toBe(true);
    await ask(widget);
    await answered(widget);
    await screenshot(page, "widget-dark");
    await expectAccessible(page);
    await widget.evaluate((element: any) => element.setAttribute("data-theme", "light"));
    await expectAccessible(page);

    const moving = await visit(shopPage("/still"), { reducedMotion: "reduce" });
    await launch(moving.widget);
    const running = await moving.page.evaluate(
      () =>
        (globalThis as any).document.getAnimations().filter((one: any) => one.playState === "running").length,
    );
    expect(running).toBe(0);
  });

  test("is absent from the demo page without a key, which then says what to do", async () => {
    const { page, widget, complaints } = await visit(`${stack.url}/demo/`);
    await page.getByText("needs a widget key").waitFor();
    await expect.poll(() => widget.count()).toBe(0);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
  });

  async function newKey(): Promise<string> {
    const json = { name: "Shop", allowed_origins: [shop.url] };
    return (await stack.api("POST", "/api/v1/widget-keys", json)).widget_key.key;
  }

  /** What has the focus inside the widget: its accessible name, or a field's own. */
  const focused = (page: Tab): Promise<string> =>
    page.evaluate(() => {
      const active = (globalThis as any).document.activeElement?.shadowRoot?.activeElement;
      return active?.getAttribute("name") ?? active?.getAttribute("aria-label") ?? active?.textContent ?? "";
    });

  /** Questions a month of the demo's organization, as the platform would set it. */
  async function quota(questions: number | null): Promise<void> {
    const client = new pg.Client(stack.connectionString);
    await client.connect();
    await client.query(
      `insert into kalamna.quotas (org_id, questions) select org_id, $1 from kalamna.users where email = $2
       on conflict (org_id) do update set questions = excluded.questions`,
      [questions, stack.demo.email],
    );
    await client.end();
  }
});
