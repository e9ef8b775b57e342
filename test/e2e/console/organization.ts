/** What an admin arranges: groups, webhooks, the identity provider. */
import { exportJWK, generateKeyPair } from "jose";
import { expect } from "vitest";
import { inspect } from "../support/browser.ts";
import { navigate, newAdmin, PASSWORD, signIn, stack, verified, visit } from "../support/console.ts";
import { startSite } from "../support/sites.ts";
import { everywhere } from "../support/variants.ts";

export function organization(): void {
  everywhere("makes a group, puts a person in, and renames and deletes it", async ({ options, name }) => {
    const email = await newAdmin();
    await visit(options, async (page) => {
      await signIn(page, email, PASSWORD);
      await page.goto(`${stack.url}/people/groups`);
      await page.click(".empty button");
      await page.fill("dialog input", "Workshop");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("td.main >> text=Workshop");
      await page.click(".tabs a[href='/people']");
      await page.click("td.end .menu button");
      await page.click("[role=menuitem] >> nth=0");
      await page.check("dialog input[type=checkbox]");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("td >> text=Workshop");
      await page.click(".tabs a[href='/people/groups']");
      await page.click("td.end .menu button");
      await page.click("[role=menuitem] >> nth=0");
      await page.waitForSelector(`dialog li >> text=${email}`);
      await inspect(page, `group-${name}`);
      await page.keyboard.press("Escape");
      await page.click("td.end .menu button");
      await page.click("[role=menuitem] >> nth=1");
      await page.fill("dialog input", "Repairs");
      await page.click("dialog button[type=submit]");
      await page.waitForSelector("td.main >> text=Repairs");
      await page.click("td.end .menu button");
      await page.click("[role=menuitem].danger");
      await page.click("dialog .button.danger");
      await page.waitForSelector(".empty");
    });
  });

  everywhere(
    "makes a webhook, sends it a test, and shows what was sent and answered",
    async ({ options, name, say }) => {
      const email = await newAdmin();
      const heard: string[] = [];
      const site = await startSite((path) => {
        heard.push(path);
        return { body: "thank you" };
      });
      try {
        await visit({ ...options, expected: /status of 422/ }, async (page) => {
          await signIn(page, email, PASSWORD);
          await page.goto(`${stack.url}/settings/webhooks`);
          await page.click(".empty button");
          await page.fill("dialog input[type=url]", "https://10.0.0.1/hook");
          await page.click("dialog button[type=submit]");
          await page.waitForSelector("dialog [role=alert]");
          await page.fill("dialog input[type=url]", `${site.url}/hook`);
          await page.click("dialog button[type=submit]");
          await expect.poll(() => page.textContent("dialog .copybox code")).toMatch(/^whsec_/);
          await page.click("dialog .button.primary");
          await page.click("td.end .menu button");
          await page.click(`[role=menuitem] >> text=${say("Send a test")}`);
          await expect.poll(() => heard, { timeout: 20_000 }).toContain("/hook");
          await page.click("td.end .menu button");
          await page.click(`[role=menuitem] >> text=${say("Deliveries")}`);
          await page.click(`dialog td.end button >> text=${say("Show")}`);
          await page.waitForSelector("dialog pre.copybox");
          await inspect(page, `webhook-delivery-${name}`);
          await page.keyboard.press("Escape");
          await page.click("td.end .menu button");
          await page.click("[role=menuitem].danger");
          await page.click("dialog .button.danger");
          await page.waitForSelector(".empty");
        });
      } finally {
        await site.close();
      }
    },
  );

  everywhere(
    "says why an identity provider cannot be connected, connects one, and lets go of it",
    async ({ options, name, say }) => {
      const email = await verified(await newAdmin());
      const { publicKey } = await generateKeyPair("ES256", { extractable: true });
      const jwk = await exportJWK(publicKey);
      const site = await startSite((path) => {
        const json = (body: unknown) => ({ body: JSON.stringify(body), type: "application/json" });
        if (path === "/.well-known/openid-configuration")
          return json({ issuer: site.url, jwks_uri: `${site.url}/keys` });
        return path === "/keys"
          ? json({ keys: [{ ...jwk, kid: "1", alg: "ES256", use: "sig" }] })
          : undefined;
      });
      try {
        await visit({ ...options, expected: /identity|status of/ }, async (page) => {
          await signIn(page, email, PASSWORD);
          await navigate(page, "/settings");
          await page.click(".tabs a[href='/settings/identity']");
          await page.fill("form input[type=url]", `${site.url}/nothing-here`);
          await page.fill("form input >> nth=1", "kalamna");
          await page.fill("form textarea", "example.com");
          await page.click("form button[type=submit]");
          await page.waitForSelector("form [role=alert]");
          await inspect(page, `identity-refused-${name}`);
          await page.fill("form input[type=url]", site.url);
          await page.click("form button[type=submit]");
          await page.waitForSelector(`.toast >> text=${say("Connected")}`);
          await page.click("form .button.danger");
          await page.click("dialog .button.danger");
          await page.waitForSelector("form .button.danger", { state: "detached" });
        });
      } finally {
        await site.close();
      }
    },
  );
}
