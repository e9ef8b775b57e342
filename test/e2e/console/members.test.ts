/** People, oneself, and the end of an organization, as the console has them. */
import { expect, test } from "vitest";
import { describeInBrowser, expectAccessible } from "../support/browser.ts";
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
  withConsole,
} from "../support/console.ts";

const login = (email: string, password: string) => post("auth/login", { email, password });

/** A colleague who has accepted the admin's invitation. */
async function colleagueOf(admin: string): Promise<string> {
  const email = newEmail();
  const { token } = await login(admin, PASSWORD);
  await fetch(`${stack.url}/api/v1/employees`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ email, role: "viewer" }),
  });
  await expect.poll(() => letterTo(email), { timeout: 10_000 }).toContain("#invitation=");
  const [, invitation] = /#invitation=(\S+)/.exec(await letterTo(email)) ?? [];
  await post("auth/accept-invite", { token: invitation, password: PASSWORD });
  return email;
}

describeInBrowser("people in the console", () => {
  withConsole();

  test("get another role, which can be undone, other rights to read, and are deactivated and removed", async () => {
    const admin = await newAdmin();
    const colleague = await colleagueOf(admin);
    await visit({}, async (page) => {
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
      const choose = async (label: string) => {
        await row.locator(".menu button >> nth=0").click();
        await page.click(`[role=menuitem] >> text=${label}`);
      };
      await choose("Deactivate");
      await row.locator(".badge >> text=Deactivated").waitFor();
      expect((await login(colleague, PASSWORD)).token).toBeUndefined();
      await choose("Activate");
      await row.locator(".badge >> text=Deactivated").waitFor({ state: "detached" });
      await choose("Remove");
      await expectAccessible(page);
      await page.click("dialog .button.primary.danger");
      await row.waitFor({ state: "detached" });
    });
  });

  test("take an invitation back", async () => {
    const admin = await newAdmin();
    const guest = newEmail();
    await visit({}, async (page) => {
      await signIn(page, admin, PASSWORD);
      await navigate(page, "/people");
      await page.click(".page-head button");
      await page.fill("dialog input[name=email]", guest);
      await page.click("dialog button[type=submit]");
      await page.click(".tabs a[href='/people/invitations']");
      await page.click("td.end button");
      await page.waitForSelector(".empty >> text=No open invitations");
    });
    const [, token] = /#invitation=(\S+)/.exec(await letterTo(guest)) ?? [];
    expect(await post("auth/accept-invite", { token, password: PASSWORD })).toMatchObject({
      code: "invalid_invitation",
    });
  });

  test("change their own name and password, and end another device's session", async () => {
    const email = await newAdmin();
    const other = await login(email, PASSWORD);
    await visit({}, async (page) => {
      await signIn(page, email, PASSWORD);
      await page.goto(`${stack.url}/account`);
      await page.fill("input[autocomplete=name]", "Nadia Haddad");
      await page.click("form:has(input[autocomplete=name]) button[type=submit]");
      await page.waitForSelector(".account >> text=Nadia Haddad");
      await page.waitForSelector(".device >> nth=1");
      await page.click("section button >> text=/^Sign out$/ >> nth=0");
      await expect
        .poll(() => post("auth/refresh", { refresh_token: other.refresh_token }))
        .toMatchObject({
          status: 401,
        });
      await page.fill("input[name=password]", PASSWORD);
      await page.fill("input[name=new-password]", "another horse battery");
      await page.click("form:has(input[name=password]) button[type=submit]");
      await page.waitForSelector(".toast >> text=Your password is changed");
      await page.reload();
      await page.waitForSelector(".device");
      await page.click("button >> text=Sign out everywhere");
      await page.waitForSelector("input[name=email]");
      await signIn(page, email, "another horse battery");
    });
  });

  test("delete their organization by its name, and take the receipt along", async () => {
    const email = await newAdmin();
    await visit({}, async (page) => {
      await signIn(page, email, PASSWORD);
      await navigate(page, "/settings");
      await page.click("button >> text=/^Delete …$/");
      await page.fill("dialog input", "Fernhill");
      await page.click("dialog button[type=submit]");
      expect(await page.textContent("dialog .copybox code")).toMatch(/^ey/);
      await page.click("dialog .button.primary");
      await page.waitForSelector("input[name=email]");
      expect((await login(email, PASSWORD)).token).toBeUndefined();
    });
  });
});
