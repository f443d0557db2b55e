/*
 * node t/schema.mjs < LINES
 *
 * Which documents does a JSON Schema take?  The first line of the input is
 * the schema, each line after it a document.  Prints "yes" or "no" for each;
 * a schema that is none, or has a keyword or format that nobody knows, is an
 * error.
 */
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [schema, ...documents] = readFileSync(0, "utf8").split("\n")
	.filter(Boolean).map((line) => JSON.parse(line));
const ajv = new Ajv2020({ allowUnionTypes: true, strict: true });

addFormats(ajv);
const takes = ajv.compile(schema);

for (const document of documents)
	console.log(takes(document) ? "yes" : "no");
