/** People, oneself, and the end of an organization, as the console has them. */
import { expect } from "vitest";
import { describeInBrowser, inspect } from "../support/browser.ts";
import {
  colleagueOf,
  letterTo,
  navigate,
  newAdmin,
  newEmail,
  PASSWORD,
  post,
  signIn,
  stack,
  visit,
  withConsole,
} from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

const login = (email: string, password: string) => post("auth/login", { email, password });

describeInBrowser("people in the console", () => {
  withConsole();

  everywhere(
    "get another role, which can be undone, other rights to read, and are deactivated and removed",
    async ({ options, name, say }) => {
      const admin = await newAdmin();
      const colleague = await colleagueOf(admin);
      await visit(options, async (page) => {
        await signIn(page, admin, PASSWORD);
        await navigate(page, "/people");
        const row = page.locator(`tr:has-text("${colleague}")`);
        const role = row.locator("select >> nth=0");
        await role.selectOption("member");
        await page.click(".toast button");
        await expect.poll(() => role.inputValue()).toBe("viewer");
        expect((await login(colleague, PASSWORD)).user.role).toBe("viewer");
        await row.locator("select >> nth=1").selectOption("internal");
        await page.waitForSelector(".toast");
        await expect.poll(async () => (await login(colleague, PASSWORD)).user.access).toBe("internal");
        const choose = async (what: string) => {
          await row.locator(".menu button >> nth=0").click();
          await page.click(`[role=menuitem] >> text=${say(what)}`);
        };
        await choose("Deactivate");
        await row.locator(`.badge >> text=${say("Deactivated")}`).waitFor();
        expect((await login(colleague, PASSWORD)).token).toBeUndefined();
        await choose("Activate");
        await row.locator(`.badge >> text=${say("Deactivated")}`).waitFor({ state: "detached" });
        await choose("Remove");
        await inspect(page, `employee-remove-${name}`);
        await page.click("dialog .button.primary.danger");
        await row.waitFor({ state: "detached" });
      });
    },
  );

  everywhere(
    "have their e-mail under their name, whichever way that is written",
    async ({ options, language }) => {
      const admin = await newAdmin();
      const { token } = await login(admin, PASSWORD);
      await stack.as(token)("PATCH", "/api/v1/auth/me", { name: "منى الحداد" });
      await visit(options, async (page) => {
        await signIn(page, admin, PASSWORD);
        await navigate(page, "/people");
        const beginning = (shown: string) =>
          page.locator(`td.main >> text=${shown}`).evaluate(
            (element, side) => {
              const range = (globalThis as any).document.createRange();
              range.selectNodeContents(element);
              return Math.round(range.getBoundingClientRect()[side]);
            },
            language === "ar" ? "right" : "left",
          );
        expect(await beginning(admin)).toBe(await beginning("منى الحداد"));
      });
    },
  );

  everywhere("take an invitation back", async ({ options, say }) => {
    const admin = await newAdmin();
    const guest = newEmail();
    await visit(options, async (page) => {
      await signIn(page, admin, PASSWORD);
      await navigate(page, "/people");
      await page.click(".page-head button");
      await page.fill("dialog input[name=email]", guest);
      await page.click("dialog button[type=submit]");
      await page.click(".tabs a[href='/people/invitations']");
      await page.click("td.end button");
      await page.waitForSelector(`.empty >> text=${say("No open invitations")}`);
    });
    const [, token] = /#invitation=(\S+)/.exec(await letterTo(guest)) ?? [];
    expect(await post("auth/accept-invite", { token, password: PASSWORD })).toMatchObject({
      code: "invalid_invitation",
    });
  });

  everywhere(
    "change their own name and password, and end another device's session",
    async ({ options, name, say, says }) => {
      const email = await newAdmin();
      const other = await login(email, PASSWORD);
      await visit(options, async (page) => {
        await signIn(page, email, PASSWORD);
        await page.goto(`${stack.url}/account`);
        await page.fill("input[autocomplete=name]", "Nadia Haddad");
        await page.click("form:has(input[autocomplete=name]) button[type=submit]");
        // Behind a button on a phone.
        await page.waitForSelector(".account >> text=Nadia Haddad", { state: "attached" });
        await page.waitForSelector(".device >> nth=1");
        await inspect(page, `account-${name}`);
        await page.click(`section button >> text=${say("Sign out")} >> nth=0`);
        await expect
          .poll(() => post("auth/refresh", { refresh_token: other.refresh_token }))
          .toMatchObject({
            status: 401,
          });
        await page.fill("input[name=password]", PASSWORD);
        await page.fill("input[name=new-password]", "another horse battery");
        await page.click("form:has(input[name=password]) button[type=submit]");
        await page.waitForSelector(`.toast >> text=${says("Your password is changed")}`);
        await page.reload();
        await page.waitForSelector(".device");
        await page.click(`button >> text=${say("Sign out everywhere")}`);
        await page.waitForSelector("input[name=email]");
        await signIn(page, email, "another horse battery");
      });
    },
  );

  everywhere(
    "delete their organization by its name, and take the receipt along",
    async ({ options, name, say }) => {
      const email = await newAdmin();
      await visit(options, async (page) => {
        await signIn(page, email, PASSWORD);
        await navigate(page, "/settings");
        await page.click(`button >> text=${say("Delete …")}`);
        await page.fill("dialog input", "Fernhill");
        await page.click("dialog button[type=submit]");
        await expect.poll(() => page.textContent("dialog .copybox code")).toMatch(/^ey/);
        await inspect(page, `organization-deleted-${name}`);
        await page.click("dialog .button.primary");
        await page.waitForSelector("input[name=email]");
        expect((await login(email, PASSWORD)).token).toBeUndefined();
      });
    },
  );
});
