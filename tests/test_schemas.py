"""The published JSON Schemas say what the program reads."""

import json

import pytest
import yaml
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from jixiao.filing.interchange import filing_text
from jixiao.rubric.load import FILES, data_folder
from jixiao.schemas import FOLDER, schemas, text_of
from test_interchange import filings

RULES = data_folder("rubric_rules")
KIND = dict.fromkeys(FILES, "rubric.schema.json") | {"form.yaml": "form.schema.json"}


class CoreLoader(yaml.SafeLoader):
    """YAML as editors read it: dates, yes and no are texts."""


CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.rpartition(":")[2] in ("int", "float", "null")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), "tf")


def validator(name):
    return Draft202012Validator(json.loads((RULES / FOLDER / name).read_text(encoding="utf-8")))


def complaints(name, data):
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(data)]


def read(file):
    return yaml.load(file.read_text(encoding="utf-8"), Loader=CoreLoader)


def test_the_published_schemas_are_those_of_the_model():
    published = {file.name: file.read_text(encoding="utf-8") for file in (RULES / FOLDER).glob("*.json")}
    made = {name: text_of(schema) for name, schema in schemas().items()}
    assert made == published, "请运行 python -m jixiao.schemas"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_itself_valid(name):
    Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(RULES.rglob("*.yaml")) if file.name in KIND],
    ids=lambda file: str(file.relative_to(RULES)),
)
def test_rule_files_fit_their_schema(file):
    assert complaints(KIND[file.name], read(file)) == []


@pytest.mark.parametrize("file", sorted(RULES.glob("*/demo.yaml")), ids=lambda file: file.parent.name)
def test_published_filings_fit_their_schemas(file):
    for name in ("filing.schema.json", f"filing.{file.parent.name}.schema.json"):
        assert complaints(name, read(file)) == []


@settings(max_examples=40, deadline=None)
@given(filings)
def test_every_filing_that_we_write_fits_the_schema(filing):
    data = json.loads(filing_text(filing, as_json=True))
    for name in ("filing.schema.json", "filing.guangzhou-2023.schema.json"):
        assert complaints(name, data) == []


@pytest.mark.parametrize(
    "change, where",
    [
        (lambda data: data.update(titel="表"), "$: "),
        (
            lambda data: data["levels"][0]["levels"][0]["indicators"][2]["rule"].update(method="bandz"),
            "$.levels[0]",
        ),
        (lambda data: data["row_rules"]["standard"]["inverse_missed"].update(不得分="zer"), "$.row_rules"),
        (lambda data: data.update(total="一百"), "$.total"),
    ],
)
def test_a_mistake_in_a_rule_file_is_seen(change, where):
    data = read(RULES / "guangzhou-2023" / "rubric.yaml")
    change(data)
    (complaint,) = complaints("rubric.schema.json", data)
    assert complaint.startswith(where)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"edition": "guangzhou-2023", "values": {"unit.nam": "某局"}},
        {"edition": "guangzhou-2023", "values": {"unit.name": [1]}},
        {"edition": "guangzhou-2023", "values": {"unit.name": {"number": "1"}}},
        {
            "edition": "guangzhou-2023",
            "values": {"unit.name": {"formula": "=1", "value": 1, "error": "#N/A"}},
        },
        {"edition": "guangzhou-2023", "rows": {"output": [{"nmae": "甲"}]}},
        {"edition": "loudi-2023"},
    ],
)
def test_a_mistake_in_a_filing_is_seen(data):
    assert complaints("filing.guangzhou-2023.schema.json", data)
