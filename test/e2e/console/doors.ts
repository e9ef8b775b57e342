/** The ways in: signing up, a forgotten password, an invitation, and back after a session that has ended. */
import { expect } from "vitest";
import { inspect } from "../support/browser.ts";
import {
  letterTo,
  navigate,
  newAdmin,
  newEmail,
  PASSWORD,
  post,
  signIn,
  stack,
  visit,
} from "../support/console.ts";
import { everywhere } from "../support/variants.ts";

const codeIn = (letter: string) => /\b\d{6}\b/.exec(letter)?.[0] ?? "";

/** In the page: spends what an address has for this minute. */
async function useUp(): Promise<void> {
  const refresh = () => fetch("/api/v1/auth/refresh", { method: "POST" });
  await Promise.all(Array.from({ length: 25 }, refresh));
}

export function doors(): void {
  everywhere(
    "signs up, verifies the e-mail with the code from the letter, stays signed in and signs out",
    async ({ options, name, phone, say }) => {
      const email = newEmail();
      await visit(options, async (page) => {
        await page.click("a[href='/sign-up']");
        await page.fill("input[name=organization]", "Fernhill");
        await page.fill("input[name=email]", email);
        await page.fill("input[name=new-password]", PASSWORD);
        await page.click("button[type=submit]");
        await page.waitForSelector("input[name=code]");
        await inspect(page, `verify-${name}`);
        await page.fill("input[name=code]", codeIn(await letterTo(email)));
        await page.click("button[type=submit]");
        await page.waitForSelector(".welcome");
        await page.reload();
        await page.waitForSelector(".welcome");
        if (phone) await page.click(".topbar button");
        await page.click(".account");
        await page.waitForSelector("[role=menu]");
        await inspect(page, `account-menu-${name}`);
        await page.click(`[role=menuitem] >> text=${say("Sign out")}`);
        await page.waitForSelector("input[name=password]");
        await page.reload();
        await page.waitForSelector("input[name=password]");
      });
    },
  );

  everywhere(
    "refuses a wrong password in words, and sets a new one with the code from the letter",
    async ({ options, name, says }) => {
      const email = await newAdmin();
      await visit({ ...options, expected: /status of 401/ }, async (page) => {
        await page.fill("input[name=email]", email);
        await page.fill("input[name=password]", "not this one at all");
        await page.click("button[type=submit]");
        const alert = await page.textContent("[role=alert]");
        expect(alert).toMatch(says("E-mail or password is wrong"));
        await expect.poll(() => page.textContent("[role=alert] code")).toMatch(/\S{8}/);
        await inspect(page, `wrong-password-${name}`);
        await page.click("a[href='/forgot']");
        await page.fill("input[name=email]", email);
        await page.click("button[type=submit]");
        await page.waitForSelector("input[name=code]");
        await expect.poll(() => letterTo(email), { timeout: 10_000 }).toMatch(/new password/);
        await page.fill("input[name=code]", codeIn(await letterTo(email)));
        await page.fill("input[name=new-password]", "another horse battery");
        await page.click("button[type=submit]");
        await page.waitForSelector("input[name=password]");
        await signIn(page, email, "another horse battery");
      });
    },
  );

  everywhere(
    "invites a person, who joins by the letter's link as a viewer and sees Ask alone",
    async ({ options, name }) => {
      const [email, guest] = [await newAdmin(), newEmail()];
      await visit(options, async (page) => {
        await signIn(page, email, PASSWORD);
        await navigate(page, "/people");
        await page.click(".page-head button");
        await page.fill("dialog input[name=email]", guest);
        await page.selectOption("dialog select >> nth=0", "viewer");
        await inspect(page, `invite-${name}`);
        await page.click("dialog button[type=submit]");
        await page.waitForSelector(".toast");
        await page.click(".tabs a[href='/people/invitations']");
        await page.waitForSelector(`td >> text=${guest}`);
        await inspect(page, `invited-${name}`);
      });
      const [link = ""] = /http\S+#invitation=\S+/.exec(await letterTo(guest)) ?? [];
      await visit(options, async (page) => {
        await page.goto(link);
        await page.waitForSelector("input[name=new-password]");
        await inspect(page, `join-${name}`);
        await page.fill("input[name=new-password]", PASSWORD);
        await page.click("button[type=submit]");
        await page.waitForSelector(".welcome");
        await expect.poll(() => page.locator(".nav-link").count()).toBe(1);
        await page.goto(`${stack.url}/settings`);
        await page.waitForSelector(".empty");
      });
    },
  );

  everywhere(
    "says that a session has ended, and leads back to the page after signing in again",
    async ({ options, name, say }) => {
      const email = await newAdmin();
      await visit({ ...options, expected: /status of 401/ }, async (page) => {
        await signIn(page, email, PASSWORD);
        await navigate(page, "/documents");
        await page.waitForSelector(".empty");
        const { token } = await post("auth/login", { email, password: PASSWORD });
        await fetch(`${stack.url}/api/v1/auth/logout-all`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}` },
        });
        await navigate(page, "/knowledge");
        await page.waitForSelector("input[name=password]");
        await page.waitForSelector(`form >> text=${say("Your session has ended; sign in again")}`);
        await inspect(page, `session-ended-${name}`);
        await signIn(page, email, PASSWORD);
        await page.waitForURL(/\/knowledge$/);
        await page.waitForSelector(".empty");
        await page.goBack();
        await page.waitForURL(/\/documents$/);
      });
    },
  );

  everywhere("says when to try again after too many tries", async ({ options, name, says }) => {
    const email = newEmail();
    await visit({ ...options, expected: /status of 4/ }, async (page) => {
      await page.fill("input[name=email]", email);
      await page.fill("input[name=password]", PASSWORD);
      // A minute may end in between.
      const hurried = async () => {
        await page.evaluate(useUp);
        await page.click("button[type=submit]");
        await page.waitForSelector("[role=alert]");
        return page.textContent("[role=alert]");
      };
      await expect.poll(hurried, { timeout: 60_000 }).toMatch(says("Too many requests; wait a moment"));
      await expect
        .poll(() => page.textContent("[role=alert]"))
        .toMatch(says("Try again in {count} seconds."));
      await inspect(page, `too-fast-${name}`);
    });
  });
}
