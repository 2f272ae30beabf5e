// Writes what follows from other files: `src/api/operations.gen.ts` from `schema.graphql` and the `.graphql` files beside
// the pages, `src/texts/texts.gen.ts` from the English texts. `npm run generate`; a test says (`--check`) when that was forgotten.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildSchema, Kind, parse, stripIgnoredCharacters, validate, visit } from "graphql";
import { files, messages } from "./texts.mjs";

const frontend = new URL("../", import.meta.url);
const note = "// Written by `npm run generate`. Do not edit.\n";

/** The generated files, by path from `frontend/`. */
async function generate() {
  return {
    "src/api/operations.gen.ts": await documents(),
    "src/texts/texts.gen.ts": textTypes(),
  };
}

async function documents() {
  const schemaSource = readFileSync(new URL("../schema.graphql", frontend), "utf8");
  const schema = buildSchema(schemaSource);
  const source = readdirSync(new URL("src/", frontend), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".graphql"))
    .sort()
    .map((file) => readFileSync(new URL(`src/${file}`, frontend), "utf8"))
    .join("\n");
  const document = parse(source);
  const problems = validate(schema, document);
  if (problems.length > 0) throw new Error(problems.join("\n\n"));

  const types = await codegen({
    filename: "operations.gen.ts",
    schema: parse(schemaSource),
    schemaAst: schema,
    documents: [{ document }],
    plugins: [{ operations: {} }],
    pluginMap: { operations },
    config: {
      scalars: { DateTime: "string", ID: "string", Url: "string" },
      enumType: "string-literal",
      useTypeImports: true,
    },
  });
  const constants = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((definition) => {
      const name = definition.name?.value ?? "";
      const kind = `${name}${definition.operation === "query" ? "Query" : "Mutation"}`;
      const text = stripIgnoredCharacters(withFragments(definition, document));
      return `export const ${name}: Operation<${kind}, ${kind}Variables> = ${JSON.stringify(text)} as never;\n`;
    });
  const codes = /** @type {import("graphql").GraphQLEnumType} */ (schema.getType("ErrorCode")).getValues();
  const errors = `export type ErrorCode =\n${codes.map(({ name }) => `  | "${name}"`).join("\n")};\n`;
  return `${note}import type { Operation } from "./operation";\n\n${types}\n\n${errors}\n${constants.join("\n")}`;
}

/**
 * The text of a definition and of every fragment that it needs.
 *
 * @param {import("graphql").OperationDefinitionNode} operation
 * @param {import("graphql").DocumentNode} document
 */
function withFragments(operation, document) {
  /** @type {Set<import("graphql").ASTNode>} */
  const needed = new Set();
  /** @param {import("graphql").ExecutableDefinitionNode} node */
  const gather = (node) => {
    if (needed.has(node)) return;
    needed.add(node);
    visit(node, {
      FragmentSpread(spread) {
        const found = document.definitions.find(
          (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === spread.name.value,
        );
        if (found?.kind === Kind.FRAGMENT_DEFINITION) gather(found);
      },
    });
  };
  gather(operation);
  return [...needed].map((node) => node.loc?.source.body.slice(node.loc.start, node.loc.end)).join("\n");
}

function textTypes() {
  const lines = files("en")
    .flatMap(messages)
    .map(({ id, variables }) => {
      const args = variables.map((name) => `${name}: Value`).join("; ");
      return `  "${id}": ${args ? `{ ${args} }` : "NoValues"};\n`;
    });
  const meaning = "/** Every text and what it wants to be told. */\n";
  return `${note}import type { NoValues, Value } from "./texts";\n\n${meaning}export type Texts = {\n${lines.join("")}};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  for (const [path, text] of Object.entries(await generate())) {
    const file = new URL(path, frontend);
    if (!check) writeFileSync(file, text);
    else if (readFileSync(file, "utf8") !== text) throw new Error(`${path} is out of date: npm run generate`);
  }
}
