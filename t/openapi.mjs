/*
 * node t/openapi.mjs OPENAPI.json ANSWERS.jsonl...
 *
 * Is the API's description a valid one, and is every answer that the tests
 * recorded as it says?  A line of ANSWERS.jsonl is an object: "method",
 * "path" (with its query), "status" and "body" (its text).  Prints TAP.
 */
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const DETAILS_MOST = 10; // answers to one operation that are shown
const TEXT_MOST = 400; // characters of a body that are shown
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch",
	"trace"];
const SCHEMAS = "#/components/schemas/";
const DEFINITIONS = "document#/$defs/";
const PROBLEM = { $ref: `${DEFINITIONS}Problem` };
const NO_ROUTE = "requests that no route takes";

let tests = 0;
let failed = 0;

function shorten(text) {
	return text.length <= TEXT_MOST
		? text : `${text.slice(0, TEXT_MOST)}...`;
}

function few(details) {
	const more = details.length - DETAILS_MOST;

	return more <= 0 ? details
		: [...details.slice(0, DETAILS_MOST), `and ${more} more`];
}

function test(name, details) {
	const bad = details.length > 0;

	console.log(`${bad ? "not " : ""}ok ${++tests} - ${name}`);
	for (const detail of details)
		console.log(detail.replace(/^/gm, "# "));
	failed += bad;
}

/* --- The document. */

/* Its operations, and how their paths are recognized. */
function operationsOf(document) {
	const operations = [];

	for (const [path, item] of Object.entries(document.paths ?? {}))
		for (const method of METHODS)
			if (item[method] !== undefined)
				operations.push({
					name: `${method.toUpperCase()} ${path}`,
					method: method.toUpperCase(),
					segments: path.split("/"),
					content: item[method],
					answers: 0,
					successes: 0,
					details: [],
				});
	return operations;
}

/* The same document with its schemas where JSON Schema has them, so that
 * nothing else is taken for one. */
function withDefinitions(document) {
	return JSON.parse(JSON.stringify(document)
		.replaceAll(`"$ref":"${SCHEMAS}`, `"$ref":"${DEFINITIONS}`));
}

/* Unknown keywords and formats are errors, so that none is a slip. */
function compilerOf(document) {
	const ajv = new Ajv2020({
		allErrors: true,
		verbose: true, // errors have their data
		allowUnionTypes: true,
		strict: true,
		strictRequired: false,
	});

	addFormats(ajv);
	ajv.addSchema({ $id: "document", $defs: document.components?.schemas });
	return (schema) => ajv.compile(schema);
}

/* Every schema in the document, with a name for it. */
function* schemasOf(document, operations) {
	const { schemas = {}, ...rest } = document.components ?? {};

	for (const [name, schema] of Object.entries(schemas))
		yield [name, schema];
	for (const { name, content } of operations)
		yield* schemasWithin(name, content);
	yield* schemasWithin("components", rest);
}

function* schemasWithin(name, node) {
	if (typeof node !== "object" || node === null)
		return;
	for (const [key, value] of Object.entries(node)) {
		if (key === "schema")
			yield [name, value];
		else
			yield* schemasWithin(name, value);
	}
}

/* Every $ref has something that it refers to. */
function checkReferences(document, node, details) {
	if (typeof node !== "object" || node === null)
		return;
	for (const [name, value] of Object.entries(node)) {
		if (name !== "$ref" || typeof value !== "string")
			checkReferences(document, value, details);
		else if (resolve(document, value) === undefined)
			details.push(`${value} refers to nothing`);
	}
}

function resolve(document, reference) {
	if (!reference.startsWith("#/"))
		return undefined;
	return reference.slice(2).split("/")
		.map((name) => decodeURIComponent(name)
			.replaceAll("~1", "/").replaceAll("~0", "~"))
		.reduce((node, name) => node?.[name], document);
}

function checkOperations(document, operations, details) {
	const ids = new Set();

	for (const { name, content, segments } of operations) {
		if (ids.has(content.operationId))
			details.push(`two are named ${content.operationId}`);
		ids.add(content.operationId);
		const wanted = segments.filter((part) => part.startsWith("{"))
			.map((part) => part.slice(1, -1));
		const given = (content.parameters ?? [])
			.map((parameter) => parameter.$ref
				? resolve(document, parameter.$ref) : parameter)
			.filter((parameter) => parameter?.in === "path")
			.map((parameter) => parameter.name);
		if (wanted.join() !== given.join())
			details.push(`${name} has the parameters ${given}`);
	}
}

async function checkDocument(document, operations, compile) {
	const details = [];
	const result =
		await new Validator().validate(structuredClone(document));

	if (!result.valid)
		details.push(JSON.stringify(result.errors, null, 2));
	if (!document.openapi?.startsWith("3.1."))
		details.push(`it is of OpenAPI ${document.openapi}`);
	checkReferences(document, document, details);
	checkOperations(document, operations, details);
	for (const [name, schema] of
		schemasOf(withDefinitions(document), operations)) {
		try {
			compile(schema);
		} catch (error) {
			details.push(`${name}: ${error.message}`);
		}
	}
	test("the description is valid", details);
}

/* --- The answers. */

function* answersOf(files) {
	for (const file of files) {
		const lines = readFileSync(file, "utf8").split("\n");

		for (const [i, line] of lines.entries()) {
			if (line === "")
				continue;
			const answer = JSON.parse(line);
			yield {
				...answer,
				status: Number(answer.status),
				source: `${file}:${i + 1}`,
			};
		}
	}
}

/* What stands below /core/ is described where it stands below /v1/. */
function matches(operation, answer) {
	const segments = answer.path.replace(/^\/core\//, "/v1/")
		.split("?")[0].split("/");

	/* A slash at the end may be left out. */
	if (operation.segments.at(-1) === "" && segments.at(-1) !== "")
		segments.push("");

	return operation.method === answer.method &&
		operation.segments.length === segments.length &&
		operation.segments.every((part, i) => part.startsWith("{")
			? segments[i] !== "" : part === segments[i]);
}

/* "/v1/keys/mine" before "/v1/keys/{key_id}". */
function findOperation(operations, answer) {
	const variables = ({ segments }) =>
		segments.filter((part) => part.startsWith("{")).length;

	return operations.filter((operation) => matches(operation, answer))
		.sort((a, b) => variables(a) - variables(b))[0];
}

/* What the description says of an answer; undefined where it says nothing, and
 * null where it says that there is nothing in it. */
function contentOf(document, operation, status) {
	const { responses } = operation.content;
	const found = Object.hasOwn(responses, status)
		? responses[status] : responses.default;
	const response = found?.$ref ? resolve(document, found.$ref) : found;

	return response === undefined ? undefined : response.content ?? null;
}

/* Only that it is one: what is in it is shown elsewhere. */
function checkXml(answer) {
	return answer.body.startsWith("<?xml ") ? [] : ["the body is no XML"];
}

function checkBody(validate, answer) {
	let body;

	try {
		body = JSON.parse(answer.body);
	} catch (error) {
		return [`the body is no JSON: ${error.message}`];
	}
	const details = validate(body) ? [] : validate.errors.map(
		({ instancePath, message, params, data }) =>
			`${instancePath || "the body"} ${message}: ` +
			(params.additionalProperty ??
				shorten(JSON.stringify(data))));
	if (answer.status >= 400 && body?.status !== answer.status)
		details.push(`the document says status ${body?.status}`);
	return details;
}

function checkAnswer(document, compile, operation, answer) {
	if (answer.method === "HEAD")
		return answer.body ? ["HEAD is answered with a body"] : [];
	if (operation.content === undefined)
		return answer.status < 400
			? ["there is no such operation in the description"]
			: checkBody(compile(PROBLEM), answer);
	const content = contentOf(document, operation, answer.status);

	if (content === undefined)
		return ["this status is not in the description"];
	if (content === null)
		return answer.body ? ["it is to have no body"] : [];
	if (content["text/html"] !== undefined)
		return answer.body.startsWith("<!DOCTYPE html>")
			? [] : ["it is to be a page"];
	return content["text/xml"] !== undefined
		? checkXml(answer)
		: checkBody(compile(content["application/json"].schema),
			answer);
}

function checkAnswers(document, operations, compile, files) {
	const unknown = {
		name: NO_ROUTE, answers: 0, successes: 0, details: [],
	};

	for (const answer of answersOf(files)) {
		const operation = findOperation(operations, answer) ?? unknown;
		const { method, path, status, body, source } = answer;
		const details =
			checkAnswer(document, compile, operation, answer);

		operation.answers++;
		operation.successes += status >= 200 && status < 300;
		if (details.length > 0)
			operation.details.push([
				`${source}: ${method} ${path}: ${status}`,
				...details, shorten(body ?? ""),
			].join("\n    "));
	}
	for (const { name, answers, details } of [...operations, unknown])
		if (answers > 0)
			test(`${name}: answers are as described (${answers})`,
				few(details));
	test("every operation was answered with success at least once",
		operations.filter((operation) => operation.successes === 0)
			.map((operation) => `${operation.name} was not`));
}

async function main([description, ...files]) {
	if (files.length === 0) {
		console.error(
			"usage: openapi.mjs OPENAPI.json ANSWERS.jsonl...");
		return 2;
	}
	const original = JSON.parse(readFileSync(description, "utf8"));
	const document = withDefinitions(original);
	const operations = operationsOf(document);
	const compile = compilerOf(document);

	await checkDocument(original, operations, compile);
	checkAnswers(document, operations, compile, files);
	console.log(`1..${tests}`);
	return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
