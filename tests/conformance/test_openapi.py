"""/openapi.json: it is what the OpenAPI 3.1 specification asks for, it has every endpoint, and what
the endpoints answer is what it says: no member that it does not name, none of another type.

Debian 12 has no checker of OpenAPI 3.1, so what the specification asks of the objects that norn
writes is a schema here (OPENAPI, from its sections 4.8.1 to 4.8.30).
"""
import copy
import json
import re

import jsonschema
import pytest

import conformance
from scene import Scene
from support.norn import run

TEXT = {"type": "string", "minLength": 1}
REFERENCE = {"type": "object", "required": ["$ref"],
             "properties": {"$ref": {"pattern": "^#/components/"}}}


def record(required, properties, others=None):
    """A record that has these members, and no more but extensions."""
    return {"type": "object", "required": required.split(), "properties": properties,
            "patternProperties": {"^x-": True, **(others or {})}, "additionalProperties": False}


def or_reference(schema):
    return {"if": {"required": ["$ref"]}, "then": REFERENCE, "else": schema}


SCHEMA = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
CONTENT = {"type": "object", "propertyNames": {"pattern": "^[a-z]+/[a-z0-9.+-]+$"},
           "additionalProperties": record("", {"schema": SCHEMA})}
PARAMETER = or_reference(record("name in schema", {
    "name": TEXT, "in": {"enum": ["path", "query", "header", "cookie"]}, "description": TEXT,
    "required": {"type": "boolean"}, "schema": SCHEMA}))
RESPONSE = or_reference(record("description", {"description": TEXT, "content": CONTENT}))
BODY = or_reference(record("content", {"description": TEXT, "content": CONTENT}))
LOGIN = {"oneOf": [record("type scheme", {"type": {"const": "http"}, "scheme": TEXT}),
                   record("type in name", {"type": {"const": "apiKey"}, "name": TEXT,
                                           "in": {"enum": ["query", "header", "cookie"]}})]}
OPERATION = record("operationId responses summary", {
    "operationId": TEXT, "summary": TEXT, "tags": {"type": "array", "items": TEXT},
    "parameters": {"type": "array", "items": PARAMETER, "uniqueItems": True},
    "requestBody": BODY, "security": {"type": "array", "items": {"type": "object"}},
    "responses": record("default", {"default": RESPONSE}, {"^[1-5][0-9][0-9]$": RESPONSE})})


def named(schema):
    return {"type": "object", "propertyNames": {"pattern": "^[a-zA-Z0-9._-]+$"},
            "additionalProperties": schema}


OPENAPI = record("openapi info paths components", {
    "openapi": {"pattern": r"^3\.1\.\d+$"},
    "info": record("title version", {"title": TEXT, "version": TEXT, "description": TEXT}),
    "paths": {"type": "object", "propertyNames": {"pattern": "^/"},
              "additionalProperties": record("", {"get": OPERATION, "post": OPERATION})},
    "components": record("schemas", {
        "schemas": named(SCHEMA), "parameters": named(PARAMETER), "responses": named(RESPONSE),
        "requestBodies": named(BODY), "securitySchemes": named(LOGIN)})})
METHODS = {"GET": "get", "POST": "post", "websocket": "get"}


def document():
    status, text, errors = run("--print", "openapi")
    assert status == 0, errors
    return json.loads(text)


DOCUMENT = document()


def shape(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


OPERATIONS = {(shape(path), method): operation for path, item in DOCUMENT["paths"].items()
              for method, operation in item.items()}


def strict(schema):
    """The schema, but that records have no members which it does not name."""
    if isinstance(schema, dict):
        schema = {key: strict(value) for key, value in schema.items()}
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
    elif isinstance(schema, list):
        schema = [strict(value) for value in schema]
    return schema


def answer_schema(operation):
    content = operation["responses"]["200"].get("content", {})
    return content.get("application/json", {}).get("schema")


COMPONENTS = strict(copy.deepcopy(DOCUMENT["components"]))


def validator(schema):
    whole = {**strict(copy.deepcopy(schema)), "components": COMPONENTS}
    return jsonschema.Draft202012Validator(whole)


def every(value, key):
    """Every value of a key anywhere."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, str):
                yield inner
            yield from every(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner, key)


def test_the_document_is_openapi():
    jsonschema.Draft202012Validator.check_schema(OPENAPI)
    jsonschema.Draft202012Validator(OPENAPI).validate(DOCUMENT)
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_references_lead_somewhere():
    for reference in set(every(DOCUMENT, "$ref")):
        at = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]
    names = list(every(DOCUMENT["paths"], "operationId"))
    assert len(names) == len(set(names)) > 100


def test_placeholders_are_parameters():
    for path, item in DOCUMENT["paths"].items():
        for operation in item.values():
            named = [each["name"] for each in operation["parameters"] if each.get("in") == "path"]
            assert named == re.findall(r"\{([^}]*)\}", path)


def test_every_endpoint_is_described():
    _, table, _ = run("--print", "routes")
    for line in table.splitlines():
        methods, path, roles = line.split("\t")
        for method in methods.split(", "):
            operation = DOCUMENT["paths"][path][METHODS[method]]
            assert operation.get("x-norn-roles", "open") == roles
            assert bool(operation["security"]) == (roles != "open")
            if "x-norn-formats" in operation:
                assert answer_schema(operation), f"{path}: its row names no answer"


def rows_described():
    for row in conformance.read_rows():
        for ending, path in [] if row.absent else conformance.targets(row):
            for method in row.methods:
                operation = OPERATIONS.get((shape(path.replace("{watch}", "{type}")),
                                            METHODS.get(method, "get")))
                if ending == "json" and operation and method != "WS" and answer_schema(operation):
                    yield row, method, path, answer_schema(operation)


@pytest.fixture(scope="module")
def scene():
    with Scene() as scene:
        yield scene


@pytest.mark.parametrize("row,method,path,schema", rows_described(),
                         ids=lambda value: value if isinstance(value, str) else "")
def test_answers_are_what_the_document_says(scene, row, method, path, schema):
    body = json.loads(scene.fill(json.dumps(row.body), method))
    answer = scene.ask(method, scene.fill(path, method), "admin", body)
    assert answer.status_code == 200, answer.text
    validator(schema).validate(answer.json())


def test_it_sees_what_is_wrong(scene):
    schema = answer_schema(OPERATIONS["/system/timestamp.json", "get"])
    good = scene.ask("GET", "/system/timestamp.json", "admin").json()
    for wrong in ({**good, "more": 1}, {**good, "kismet.system.timestamp.sec": "soon"}, [good]):
        with pytest.raises(jsonschema.ValidationError):
            validator(schema).validate(wrong)


def test_it_is_served(scene):
    answer = scene.ask("GET", "/openapi.json", "readonly")
    assert answer.json() == DOCUMENT
    assert answer.headers["Content-Type"] == "application/json"
    again = scene.ask("GET", "/openapi.json", "readonly",
                      headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert scene.ask("GET", "/openapi.json").status_code == 401
