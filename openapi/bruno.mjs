// Makes the Bruno collection of the admin API from its OpenAPI document: `node openapi/bruno.mjs`. With `--check`, it only says
// whether the collection is what it would make.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const document = JSON.parse(readFileSync(new URL("admin.json", here), "utf8"));
const root = new URL("bruno/", here);

/** Variables of the environment, by the id that examples have in their place. */
const variables = new Map();
for (const [name, schema] of Object.entries(document.components.schemas)) {
  if (!name.startsWith("SingleResource_for_")) continue;
  const { type, id } = schema.examples[0];
  variables.set(id, variable(type));
}

const files = collection();
if (process.argv.includes("--check")) check();
else write();

function collection() {
  const files = new Map();
  const add = (name, text) => files.set(name, `${text.trimEnd()}\n`);
  add("bruno.json", JSON.stringify({ version: "1", name: "Latchkey admin API", type: "collection" }, null, 2));
  add(
    "collection.bru",
    block("auth", ["mode: oauth2"]) +
      block("auth:oauth2", [
        "grant_type: client_credentials",
        "access_token_url: {{base}}/oauth2/token",
        "client_id: {{client_id}}",
        "client_secret: {{client_secret}}",
        "scope: urn:mas:admin",
        "credentials_placement: basic_auth_header",
        "credentials_id: credentials",
        "token_placement: header",
        "token_header_prefix: Bearer",
        "auto_fetch_token: true",
        "auto_refresh_token: true",
      ]),
  );
  const ids = [...variables.values()].map((name) => `${name}: FILL-IN`);
  add(
    "environments/local.bru",
    block("vars", [
      "base: http://localhost:8080",
      "client_id: 01KFHG0D00AWSH8VHTPRE95B9E",
      "username: ada",
      ...ids.sort(),
    ]) + "vars:secret [\n  client_secret\n]\n",
  );
  let seq = 0;
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      seq += 1;
      add(`${operation.tags[0]}/${operation.operationId}.bru`, request(path, method, operation, seq));
    }
  }
  return files;
}

function request(path, method, operation, seq) {
  const parameters = (place) => (operation.parameters ?? []).filter((one) => one.in === place);
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const body = schema && filled(JSON.stringify(resolve(schema).examples[0], null, 2));
  const own = variable(operation.tags[0]);
  const inPath = (one) => `${one.name}: {{${one.name === "id" ? own : one.name}}}`;
  // A line that begins with ~ is switched off.
  const inQuery = (one) => `~${one.name}: ${value(one.schema)}`;
  const lines = [
    block("meta", [`name: ${name(operation)}`, "type: http", `seq: ${seq}`]),
    block(method, [
      `url: {{base}}${path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      `body: ${body ? "json" : "none"}`,
      "auth: inherit",
    ]),
    block("params:query", parameters("query").map(inQuery)),
    block("params:path", parameters("path").map(inPath)),
    body ? block("body:json", body.split("\n")) : "",
    // What was just made is what the next requests are about.
    makes(path, operation) ? block("vars:post-response", [`${own}: res.body.data.id`]) : "",
  ];
  const used = [...new Set([...lines.join("").matchAll(/\{\{(\w+_id)\}\}/g)].map((match) => match[1]))];
  const docs = [operation.description ?? operation.summary, ...used.filter((one) => one !== "client_id").map(hint)];
  return lines.join("") + block("docs", docs.join("\n\n").split("\n"));
}

/** Where an id comes from. */
function hint(used) {
  const about = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.values(item)
      .filter((operation) => variable(operation.tags[0]) === used)
      .map((operation) => [path, operation]),
  );
  const list = about.find(([path, operation]) => operation.operationId.startsWith("list") && !path.includes("{"));
  const make = about.find(([path, operation]) => makes(path, operation));
  const sources = [list && `*${name(list[1])}* shows them`, make && `*${name(make[1])}* fills it in`];
  return `\`${used}\` is a variable of the environment: ${sources.filter(Boolean).join(", ")}.`;
}

function makes(path, operation) {
  return !path.includes("{") && ("201" in operation.responses || "202" in operation.responses);
}

function name(operation) {
  return operation.summary.replaceAll(/[/\\:]/g, " ");
}

function variable(type) {
  return `${type.replaceAll("-", "_")}_id`;
}

/** With variables in place of the ids of other things. */
function filled(text) {
  return [...variables].reduce((text, [id, name]) => text.replaceAll(id, `{{${name}}}`), text);
}

function resolve(schema) {
  return schema.$ref ? document.components.schemas[schema.$ref.split("/").pop()] : schema;
}

/** Something to begin with; nothing where only the reader knows. */
function value(schema) {
  const either = schema.oneOf ?? schema.anyOf;
  const { enum: values, items, minimum, type, format, examples } = resolve(
    either ? either.find((one) => one.type !== "null") : schema,
  );
  if (items) return value(items);
  if (values) return values[0];
  if (minimum) return minimum;
  if ([type].flat().includes("boolean")) return "true";
  return format === "date-time" ? examples[0] : "";
}

function block(name, lines) {
  if (lines.length === 0) return "";
  return `${name} {\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n}\n\n`;
}

function write() {
  rmSync(root, { recursive: true, force: true });
  for (const [name, text] of files) {
    const file = new URL(name, root);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, text);
  }
}

function check() {
  const there = readdirSync(root, { recursive: true }).filter((name) => /\.(bru|json)$/.test(name));
  const read = (name) => (there.includes(name) ? readFileSync(new URL(name, root), "utf8") : undefined);
  const wrong = [...new Set([...files.keys(), ...there])].filter((name) => read(name) !== files.get(name));
  for (const name of wrong) console.error(`openapi/bruno/${name} is out of date: run node openapi/bruno.mjs`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
