/** `npm start`: the whole product on this machine, with a demo to ask. */
import { join, relative } from "node:path";
import { askToday, invitePeople } from "./demo-day.ts";
import { type Demo, seedDemo } from "./seed.ts";
import { type Stack, startStack, workerVariables } from "./stack.ts";

const ROOT = join(import.meta.dirname, "../..");

/** How often to look whether npm is still there, in milliseconds. */
const PARENT_MS = 1_000;

/** Longest wait for an orderly end, in milliseconds. */
const STOP_MS = 10_000;

function sample(): string {
  const path = relative(process.cwd(), join(ROOT, "demo/documents/help-centre.html"));
  return path.includes(" ") ? `'${path}'` : path;
}

/** Three lines to paste into another terminal, in this folder. */
function curlLines(url: string): string[] {
  const json = "-H 'content-type: application/json'";
  const auth = `-H "authorization: Bearer $TOKEN"`;
  return [
    `TOKEN=$(curl -s ${url}/api/v1/auth/register ${json} -d '{"org_name":"Acme","email":"you-'$(date +%s)'@example.com","password":"correct horse battery"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s ${url}/api/v1/documents ${auth} -F file=@${sample()} -F access_level=external`,
    `sleep 3; curl -sN ${url}/api/v1/query ${auth} ${json} -d '{"query":"How long does standard delivery take?"}'`,
  ];
}

function greeting(stack: Stack, demo: Demo, seconds: string): string {
  const { url } = stack;
  const lines = curlLines(url).map((line) => `    ${line}`);
  const behind = demo.unfinished.map(
    ({ name, status, reason }) => `  ! ${name} is ${status}${reason ? `: ${reason}` : ", it will follow"}\n`,
  );
  return `
  Kalamna is ready at ${url} (${seconds} s)

  Console ${url}/
          ${demo.email}   ${demo.password}   (${demo.organization})
  Health  ${url}/health/ready
  API     ${url}/docs
${demo.widgetKey ? `  Widget  ${url}/demo/?key=${demo.widgetKey}\n` : ""}  Log     ${relative(process.cwd(), join(stack.dataDir, "logs/worker.log"))}
${behind.length > 0 ? `\n${behind.join("")}` : ""}
  Register, upload, ask (paste into another terminal, in this folder):

${lines.join("\n")}

  Ctrl-C stops everything.
`;
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));

function fail(thrown: unknown): void {
  console.error(`\n  ${messageOf(thrown)}\n`);
  process.exitCode = 1;
}

async function liveToday(stack: Stack, demo: Demo): Promise<void> {
  await invitePeople(stack, demo);
  await askToday(stack, demo);
}

async function main(): Promise<void> {
  const from = performance.now();
  const { DATABASE_URL: databaseUrl, PORT, KALAMNA_DATA } = process.env;
  const port = Number(PORT || 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return fail(`PORT must be a number from 1 to 65535.`);

  let stack: Stack | undefined;
  let stopping = false;
  /** The demo's own letters are of no interest to anybody. */
  let isOurs = (_address: string) => true;
  const stop = async (code: number) => {
    // A second Ctrl-C does not wait.
    if (stopping) process.exit(code);
    stopping = true;
    setTimeout(() => process.exit(code), STOP_MS).unref();
    await stack?.stop().catch(fail);
    process.exit(code);
  };
  const listen = () => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.removeAllListeners(signal).on(signal, () => void stop(0));
  };
  listen();

  // npm ends without telling us when it alone gets a SIGTERM; we then have a new parent.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === "start")
    setInterval(() => process.ppid !== parent && void stop(0), PARENT_MS).unref();

  console.log("  Starting the database and the Worker …");
  try {
    stack = await startStack({
      port,
      dataDir: KALAMNA_DATA || join(ROOT, ".data"),
      ...(databaseUrl ? { databaseUrl } : {}),
      variables: workerVariables(process.env),
      watch: true,
      logs: true,
      say(line) {
        const [, address] = /^E-mail to (\S+?):?(?:\s|$)/.exec(line) ?? [];
        if (address === undefined || !isOurs(address)) console.error(`  ${line}`);
      },
    });
    // wrangler has put its own listeners there, which end the process before the database is closed.
    listen();
    void stack.died.then((error) => {
      fail(error);
      return stop(1);
    });
    console.log("  Reading the demo documents …");
    const { url, dataDir, logs } = stack;
    const demo = await seedDemo({ url, dataDir, logs, privateDatabase: !databaseUrl });
    if (stopping) return;
    console.log(greeting(stack, demo, ((performance.now() - from) / 1000).toFixed(1)));
    // Nobody waits for the demo's day, and a stack without is whole.
    const demosDomain = demo.email.slice(demo.email.indexOf("@"));
    isOurs = (address) => address.endsWith(demosDomain);
    await liveToday(stack, demo).catch((thrown) => stopping || console.error(`  ${messageOf(thrown)}`));
    isOurs = () => false;
  } catch (thrown) {
    if (stopping) return;
    fail(thrown);
    await stop(1);
  }
}

await main();
