// Makes the Bruno collection of the admin API from its OpenAPI document: `node openapi/bruno.mjs`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const document = JSON.parse(readFileSync(new URL("admin.json", here), "utf8"));
const root = new URL("bruno/", here);

rmSync(root, { recursive: true, force: true });
write("bruno.json", JSON.stringify({ version: "1", name: "Latchkey admin API", type: "collection" }, null, 2));
write(
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
write(
  "environments/local.bru",
  block("vars", ["base: http://localhost:8080", "client_id: 01KFHG0D00AWSH8VHTPRE95B9E"]) +
    "vars:secret [\n  client_secret\n]\n",
);

let seq = 0;
for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    seq += 1;
    write(`${operation.tags[0]}/${operation.operationId}.bru`, request(path, method, operation));
  }
}

function request(path, method, operation) {
  const parameters = (place) => (operation.parameters ?? []).filter((one) => one.in === place);
  const json = operation.requestBody?.content["application/json"]?.schema;
  const name = operation.summary.replaceAll(/[/\\:]/g, " ");
  // A line that begins with ~ is switched off.
  const line = (off) => (one) => `${off}${one.name}: ${example(one.schema) ?? ""}`;
  return [
    block("meta", [`name: ${name}`, "type: http", `seq: ${seq}`]),
    block(method, [
      `url: {{base}}${path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      `body: ${json ? "json" : "none"}`,
      "auth: inherit",
    ]),
    block("params:query", parameters("query").map(line("~"))),
    block("params:path", parameters("path").map(line(""))),
    json ? block("body:json", JSON.stringify(example(json), null, 2).split("\n")) : "",
    block("docs", (operation.description ?? operation.summary).split("\n")),
  ].join("");
}

function example(schema) {
  if (!schema) return undefined;
  if (schema.$ref) return example(document.components.schemas[schema.$ref.split("/").pop()]);
  if (schema.examples) return schema.examples[0];
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return example(either.find((one) => one.type !== "null"));
  if (schema.enum) return schema.enum[0];
  const type = [schema.type].flat().find((one) => one !== "null");
  switch (type) {
    case "object": {
      const wanted = schema.required ?? Object.keys(schema.properties ?? {});
      return Object.fromEntries(wanted.map((name) => [name, example(schema.properties[name])]));
    }
    case "array":
      return [example(schema.items)];
    case "integer":
      return schema.minimum ?? 3600;
    case "boolean":
      return true;
    case "string":
      return schema.format === "email" ? "ada@example.org" : "text";
    default:
      return {};
  }
}

function block(name, lines) {
  if (lines.length === 0) return "";
  return `${name} {\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n}\n\n`;
}

function write(name, text) {
  const file = new URL(name, root);
  mkdirSync(new URL(".", file), { recursive: true });
  writeFileSync(file, `${text.trimEnd()}\n`);
}
