"""The composed .xlam, as far as it can be proven without Excel."""

import importlib
import importlib.metadata
import importlib.util
import inspect
import io
import json
import re
import shutil
import subprocess
import sys
import types
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import olefile
import pytest
import xlwings.utils
from lxml import etree
from msgspec.structs import replace
from oletools.olevba import VBA_Parser, VBA_Project
from python_calamine import CalamineWorkbook

from jixiao.cli import main
from jixiao.excel.buttons import all_buttons
from jixiao.excel.udf import FORMULAS
from jixiao.excel.xlam import hardened, parts
from jixiao.excel.xlam.build import build, config, offered, own_modules
from jixiao.excel.xlam.custom_ui import SCHEMAS
from jixiao.excel.xlam.hardened import CHANGES, CannotBuild, xlwings_modules
from jixiao.excel.xlam.names import ENTRY_POINTS, PROJECT, RIBBON_MODULE
from jixiao.excel.xlam.names import FORMULAS as FORMULA_PATH
from jixiao.excel.xlam.project import document, standard, vba_project
from jixiao.excel.xlam.vba import KEYWORDS, formula_source, ribbon_source
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders

SYSTEM_PYTHON = "/usr/bin/python3"
PYTHON = r"C:\Users\张三\绩效 自评\python.exe"
CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@cache
def made(minimal: bool = False) -> bytes:
    return build(interpreter=PYTHON, minimal=minimal)


def part(name: str, minimal: bool = False) -> bytes:
    with zipfile.ZipFile(io.BytesIO(made(minimal))) as package:
        return package.read(name)


def tree(name: str, minimal: bool = False) -> etree._Element:
    return etree.fromstring(part(name, minimal))


@cache
def sources(minimal: bool = False) -> dict[str, str]:
    """Module -> source, as olevba reads it."""
    parser = VBA_Parser("jixiao.xlam", data=made(minimal))
    found = {Path(file).stem: source.replace("\r\n", "\n") for _, _, file, source in parser.extract_macros()}
    parser.close()
    return found


# ---------------------------------------------------------------- the VBA project


@pytest.mark.parametrize("minimal", [False, True])
def test_olevba_reads_back_exactly_our_sources(minimal):
    modules = [*own_modules(FORMULAS, minimal=minimal), *xlwings_modules()]
    expected = {module.name: module.source.splitlines() for module in modules}
    assert {name: source.splitlines() for name, source in sources(minimal).items()} == expected


def test_a_rebuild_is_identical_byte_by_byte():
    assert build(interpreter=PYTHON) == made()
    assert build(interpreter=PYTHON, minimal=True) == made(True) != made()


def test_the_licences_of_what_is_taken_from_xlwings_stay_inside():
    assert "Redistributions in binary form must reproduce" in sources()["xlwings"]
    assert "License: MIT" in sources()["Dictionary"]


def decrypted(text: str) -> tuple[int, int, bytes]:
    """Version, key of the project and data of an encrypted value, as [MS-OVBA] 2.4.3.3 reads it."""
    seed, version, key, *rest = bytes.fromhex(text)
    last, before, plain = key, version, seed ^ key
    found = []
    for byte in rest:
        plain = byte ^ (before + plain & 0xFF)
        before, last = last, byte
        found.append(plain)
    data = bytes(found[(seed & 6) // 2 :])
    assert int.from_bytes(data[:4], "little") == len(data) - 4
    return seed ^ version, seed ^ key, data[4:]


def test_what_a_project_encrypts_reads_like_what_excel_has_written():
    """The keys of xlwings' own sample add-in, which has the same (no) password and protection."""
    sample = hardened._package() / "quickstart_addin_ribbon.xlam"
    with zipfile.ZipFile(sample) as package, olefile.OleFileIO(package.open("xl/vbaProject.bin")) as vba:
        theirs = vba.openstream("PROJECT").read().decode("ascii")
    id = re.search(r'ID="(.*?)"', theirs)[1]
    with olefile.OleFileIO(vba_project("Other", [document("ThisWorkbook")], id)) as vba:
        ours = vba.openstream("PROJECT").read().decode("ascii")
    for key in ("CMG", "DPB", "GC"):
        value = rf'{key}="(\w+)"'
        assert decrypted(re.search(value, ours)[1]) == decrypted(re.search(value, theirs)[1])


def test_two_parts_of_the_project_never_have_one_name():
    with pytest.raises(ValueError, match="different names"):
        vba_project(PROJECT, [standard(f'Attribute VB_Name = "{PROJECT.lower()}"\n')], "{0}")


def test_no_module_is_called_like_a_function():
    names = {name.lower() for name in sources()}
    assert not names & {one.name.lower() for one in FORMULAS}


def test_every_vba_name_that_is_called_is_defined():
    """Procedures of ours that are called, in our modules and in what was patched into xlwings' own."""
    defined = {
        name for source in sources().values() for name in re.findall(r"(?:Sub|Function) (\w+)", source)
    }
    ours = "\n".join(source for name, source in sources().items() if name.startswith("Jixiao"))
    called = set(re.findall(r"\b(RunPython|KillPy|XLPy|WScript|RunVerb|Tell|ServerStands)\b", ours))
    assert called == {"RunPython", "KillPy", "XLPy", "WScript", "RunVerb", "Tell", "ServerStands"} <= defined
    assert f"OPTIMIZED_CONNECTION = {RIBBON_MODULE}.ServerStands()" in sources()["xlwings"]


def test_every_block_of_our_vba_is_closed():
    for name, source in sources().items():
        if not name.startswith("Jixiao"):
            continue
        for block in ("Sub", "Function", "With"):
            opened = len(re.findall(rf"^\s*(?:Public |Private )?{block} ", source, re.M))
            assert opened == len(re.findall(rf"^\s*End {block}\b", source, re.M)), (name, block)
        assert source.count("#If ") == source.count("#End If")


def test_an_argument_that_is_a_word_of_vba_is_refused():
    wrong = [one for one in FORMULAS if one.name == "JX_NUMBER"]
    assert "string" in KEYWORDS
    bad = replace(wrong[0], arguments=(replace(wrong[0].arguments[0], name="string"),))
    with pytest.raises(ValueError, match="JX_NUMBER"):
        formula_source([bad])


# ---------------------------------------------------------------- wrappers


@pytest.fixture
def generator(monkeypatch):
    """xlwings' own generator of wrappers, with the Windows modules it imports replaced by empty ones."""
    for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["win32com.client"].Dispatch = sys.modules["pythoncom"].CoInitialize = None
    monkeypatch.delitem(sys.modules, "xlwings.udfs", raising=False)
    yield importlib.import_module("xlwings.udfs")
    sys.modules.pop("xlwings.udfs", None)


def test_wrappers_are_those_that_xlwings_would_generate(generator):
    from jixiao.excel import udf
    from jixiao.excel.formula import bind

    bind(FORMULAS, generator.xlfunc, generator.xlarg)
    book, file = types.SimpleNamespace(Name="jixiao.xlam"), io.StringIO()
    try:
        generator.generate_vba_wrapper(FORMULA_PATH, udf, file, book)
        facts = {one.name: one.call.__xlfunc__ for one in FORMULAS}
    finally:
        for one in FORMULAS:
            vars(one.call).pop("__xlfunc__", None)

    assert wrappers(formula_source(FORMULAS, described=False)) == wrappers(file.getvalue())
    assert len(facts) == len(FORMULAS) == len(wrappers(file.getvalue()))
    for one in FORMULAS:
        options = [argument["options"] for argument in facts[one.name]["args"]]
        assert options == [{"ndim": 2, "err_to_str": True}] * len(one.arguments)


def wrappers(source: str) -> dict[str, list[str]]:
    """Function -> its lines."""
    found = re.findall(r"^Function (\w+)(.*?)^End Function", source, re.M | re.S)
    return {name: [line.strip() for line in body.splitlines() if line.strip()] for name, body in found}


# ---------------------------------------------------------------- what a workbook may not decide


def body(source: str, function: str) -> str:
    return re.search(rf"^(?:Public )?(?:Function|Sub) {function}\(.*?^End ", source, re.M | re.S)[0]


def test_a_hostile_workbook_with_a_config_sheet_or_file_changes_nothing():
    """Of all that GetConfig may read, the add-in's own sheet and the user's own file remain."""
    source = body(sources()["xlwings"], "GetConfig")
    read, dead, skipping = [], [], None
    for line in source.splitlines():
        indent = len(line) - len(line.lstrip())
        if skipping is None and line.strip().startswith("If False Then"):
            skipping = indent
        (read if skipping is None else dead).append(line)
        if skipping is not None and indent == skipping and line.strip() == "End If":
            skipping = None
    alive = "\n".join(line for line in read if not line.strip().startswith("'"))
    assert "ActiveWorkbook" not in alive and "Directory" not in alive
    assert alive.count("GetConfigFromSheet(ThisWorkbook)") == 2
    assert "GetConfigFromFile(GetConfigFilePath()" in alive
    # the changes are what made it so: xlwings' own reads both
    assert "GetConfigFromSheet(ActiveWorkbook)" in "\n".join(dead)
    assert "GetDirectoryConfigFilePath()" in "\n".join(dead)


def test_the_users_file_is_found_by_the_profile_and_not_by_the_workbook():
    path = body(sources()["xlwings"], "GetConfigFilePath")
    assert 'Environ("USERPROFILE")' in path and "Workbook" not in path


def test_the_config_sheet_answers_whatever_chooses_the_interpreter():
    """First in the order, so that not even the user's own file is asked; an empty value counts."""
    cells = {cell.get("r"): "".join(cell.itertext()) for cell in tree(parts.SHEET).iter("{*}c")}
    settings = {cells[place]: cells[place.replace("A", "B")] for place in cells if place.startswith("A")}
    assert settings["INTERPRETER_WIN"] == PYTHON
    assert settings["ADD_WORKBOOK_TO_PYTHONPATH"] == "0"
    assert settings["CONDA PATH"] == settings["CONDA ENV"] == settings["LICENSE_KEY"] == ""
    # left empty, it would be the current folder
    assert (Path(settings["PYTHONPATH"]) / "jixiao" / "__init__.py").is_file()
    rows = [row.get("r") for row in tree(parts.SHEET).iter("{*}row")]
    assert rows == [str(number) for number in range(1, len(settings) + 1)]
    assert all(key == key.upper() for key in settings)


def test_the_python_that_is_started_looks_in_our_folder_and_not_beside_a_workbook(monkeypatch):
    """What the command hands to xlwings, in the order of its command line."""
    cells = {cell.get("r"): "".join(cell.itertext()) for cell in tree(parts.SHEET).iter("{*}c")}
    settings = {cells[place]: cells[place.replace("A", "B")] for place in cells if place.startswith("A")}
    handed = re.search(r"PYTHONPATH = (AddExcelDir .*)", body(sources()["xlwings"], "XLPyCommand"))[1]
    asked = [re.sub(r'.*GetConfig\("(.*)"\)', r"\1", one) for one in handed.split(' & ";" & ')]
    assert asked[0] == "AddExcelDir" and asked[1:3] == ["ThisWorkbook.FullName"] * 2
    given = ["False", "/外来/自评表.xlsx", "/外来/自评表.xlsx", *(settings.get(one, "") for one in asked[3:])]
    monkeypatch.setattr(sys, "path", ["标准库"])
    xlwings.utils.prepare_sys_path(";".join(given))
    assert sys.path == [settings["PYTHONPATH"], "标准库"]


def test_no_command_line_names_the_users_workbook_or_looks_in_the_current_folder():
    source = sources()["xlwings"]
    command = body(source, "XLPyCommand")
    assert "ActiveWorkbook" not in command and " -B -P -c " in command
    run = body(source, "RunPython").split("#Else")[-2:]
    assert "ActiveWorkbook.FullName" not in "".join(run)
    assert source.count(' -c "') == source.count(' -B -P -c "') == 2


def test_code_in_the_users_workbook_is_not_looked_for():
    assert not re.search(r"^\s*If Right\$\(sht", body(sources()["xlwings"], "RunPython"), re.M)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.why)
def test_another_xlwings_is_noticed(change):
    """Each change must fit exactly once."""
    source = (hardened._package() / "xlwings_custom_addin.bas").read_text("ascii")
    assert source.count(change.old) == 1
    with pytest.raises(CannotBuild, match="(?s)不配套.*0 处"):
        hardened.hardened(source.replace(change.old, ""))
    with pytest.raises(CannotBuild, match="(?s)不配套.*2 处"):
        hardened.hardened(source + change.old)


def test_without_xlwings_the_command_says_what_to_install(tmp_path, capsys, monkeypatch):
    from importlib.metadata import PackageNotFoundError

    def lacking(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(hardened, "distribution", lacking)
    assert main(["addin", "build", str(tmp_path / "jixiao.xlam")]) == 2
    assert "jixiao[excel]" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_xlwings_is_pinned_to_the_version_that_the_changes_fit():
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
    pins = re.findall(r'"xlwings(.*?)"', project)
    assert len(pins) == 2 and set(pins) == {f"=={importlib.metadata.version('xlwings')}"}


# ---------------------------------------------------------------- buttons


CONTROLS = {
    "customUI": {"xmlns"},
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "label"},
    "group": {"id", "label"},
    "button": {"id", "label", "size", "imageMso", "screentip", "supertip", "onAction"},
    "menu": {"id", "label", "size", "imageMso", "screentip", "supertip"},
    "menu/button": {"id", "label", "tag", "onAction"},
}
"""Elements and the attributes that both versions of customUI allow for them; we use no others."""
INSIDE = {
    "customUI": {"ribbon"}, "ribbon": {"tabs"}, "tabs": {"tab"}, "tab": {"group"},
    "group": {"button", "menu"}, "menu": {"button"}, "button": set(),
}  # fmt: skip
ICONS = {
    "FileNewDefault", "Calculator", "FunctionWizard", "Undo", "DataValidationCircleInvalid",
    "ReviewPreviousComment", "ReviewNextComment", "DataValidationClearValidationCircles", "MergeToWord",
    "FileSaveAs", "ReviewShowAllComments", "AcceptInvitation", "Refresh", "Help",
}  # fmt: skip
"""Compared by hand with the table of imageMso in [MS-CUSTOMUI], Microsoft's own list."""


@pytest.mark.parametrize("name", SCHEMAS)
def test_custom_ui_uses_only_what_its_schema_allows(name):
    root = tree(f"customUI/{name}")
    assert root.tag == f"{{http://schemas.microsoft.com/office/{SCHEMAS[name][0]}/customui}}customUI"
    ids = []
    for element in root.iter():
        local = etree.QName(element).localname
        assert {etree.QName(child).localname for child in element} <= INSIDE[local]
        within = f"{etree.QName(element.getparent()).localname}/{local}" if local != "customUI" else ""
        assert set(element.attrib) <= CONTROLS.get(within, CONTROLS[local])
        ids += element.xpath("@id")
        assert all(re.fullmatch(r"[A-Za-z_][\w.]*", id) for id in element.xpath("@id"))
        assert all(0 < len(text) <= 1024 for text in element.xpath("@label | @screentip | @supertip"))
    assert max(Counter(ids).values()) == 1
    assert set(root.xpath("//@size")) <= {"normal", "large"}
    assert set(root.xpath("//@imageMso")) <= ICONS


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_button_calls_a_sub_that_exists_and_takes_the_control(name):
    actions = tree(f"customUI/{name}").xpath("//@onAction")
    plain = [one for one in all_buttons() if not one.editions]
    assert len(actions) == len(plain) + len(edition_folders(rule_folders()))
    for action in actions:
        module, sub = action.split(".")
        assert re.search(rf"^Public Sub {sub}\(control As IRibbonControl\)$", sources()[module], re.M)


def test_every_button_calls_its_python_function_and_restart_ends_python_without_asking_it():
    verbs = re.findall(r'^    RunVerb "(\w+)"', ribbon_source(), re.M)
    assert verbs == [button.verb for button in all_buttons() if button.verb != "restart"]
    assert "KillPy" in body(ribbon_source(), "OnRestart") and "RunVerb" not in body(
        ribbon_source(), "OnRestart"
    )


def test_what_vba_tells_the_user_stands_on_the_sheet():
    texts = {cell.get("r"): "".join(cell.itertext()) for cell in tree(parts.SHEET).iter("{*}c")}
    told = re.findall(r'Tell "(\w+)"|Range\("(\w+)"\)', ribbon_source())
    places = {place for pair in told for place in pair if place}
    assert places == {"D1", "D2", "D3"} and all(re.search("[一-鿿]", texts[place]) for place in places)


def test_every_python_function_of_a_button_exists_and_takes_what_the_ribbon_hands_over():
    ribbon = importlib.import_module("jixiao.excel.ribbon")
    for button in all_buttons():
        if button.verb == "restart":  # VBA ends the Python that may no longer answer
            continue
        assert getattr(ribbon, button.verb).__module__ == ribbon.__name__, button.verb
        _, *given = inspect.signature(getattr(ribbon, button.verb)).parameters
        assert given == (["edition"] if button.editions else []), button.verb


def test_the_menu_of_new_forms_offers_every_edition_and_hands_it_over():
    items = tree("customUI/customUI14.xml").xpath("//*[local-name()='menu']/*")
    editions = sorted(edition_folders(rule_folders()))
    assert [(one.get("tag"), one.get("label")) for one in items] == [
        (one, load_rubric(one).title) for one in editions
    ]
    pressed = body(ribbon_source(), "OnNewForm")
    assert """RunVerb "new_form", "'" & control.Tag & "'\"""" in pressed
    ran = body(ribbon_source().replace("Private Sub", "Sub"), "RunVerb")
    assert f'RunPython "import {ENTRY_POINTS}; {ENTRY_POINTS}." & verb & "(" & chosen & ")"' in ran


def test_the_tab_reads_as_an_accountant_says_it():
    root = tree("customUI/customUI.xml")
    assert root.xpath("//*[local-name()='tab']/@label") == ["绩效自评"]
    items = root.xpath("//*[local-name()='menu']/*/@label")
    assert [one for one in root.xpath("//@label")[1:] if one not in items] == [
        "填表", "新建", "计分", "计算得分", "得分依据", "撤销计算", "校验", "校验并标出", "上一处", "下一处",
        "清除标记", "报告", "生成报告", "核对报告", "报送版", "软件", "自检", "重启计算服务", "帮助",
    ]  # fmt: skip


def test_the_name_of_an_edition_never_becomes_a_command(tmp_path, monkeypatch):
    ours = data_folder("rubric_rules") / "mof-project"
    for name in ("x');evil(('", "我县-2024"):
        shutil.copytree(ours, tmp_path / name)
    monkeypatch.setenv("JIXIAO_RULES", str(tmp_path))
    assert set(edition_folders(rule_folders())) - set(offered()) == {"x');evil(('"}
    assert "我县-2024" in offered()


# ---------------------------------------------------------------- the package


def test_every_part_has_a_content_type_and_every_relation_a_part():
    with zipfile.ZipFile(io.BytesIO(made())) as package:
        assert package.testzip() is None
        names = package.namelist()
    assert names[0] == "[Content_Types].xml" and max(Counter(names).values()) == 1
    types_ = tree("[Content_Types].xml")
    overrides = {one.get("PartName") for one in types_.iter(f"{CONTENT_TYPES}Override")}
    defaults = {one.get("Extension") for one in types_.iter(f"{CONTENT_TYPES}Default")}
    assert overrides == {f"/{name}" for name in parts.TYPES} and overrides <= {f"/{name}" for name in names}
    assert all(f"/{n}" in overrides or n.rpartition(".")[2] in defaults for n in names[1:])
    reached = {f"customUI/{name}" for name in SCHEMAS} | set(parts.TYPES)
    for relations, folder in (("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")):
        listed = list(tree(relations).iter(f"{RELATIONS}Relationship"))
        assert max(Counter(one.get("Id") for one in listed).values()) == 1
        reached -= {folder + one.get("Target") for one in listed}
    assert not reached
    kinds = [one.get("Type").rpartition("/")[2] for one in tree("_rels/.rels")]
    assert kinds == ["officeDocument", "extensibility", "extensibility"]


def test_the_workbook_is_a_hidden_add_in_whose_code_names_are_its_modules():
    book, sheet = tree(parts.WORKBOOK), tree(parts.SHEET)
    assert parts.TYPES[parts.WORKBOOK].endswith("addin.macroEnabled.main+xml")
    assert book.xpath("//*[local-name()='workbookView']/@visibility") == ["veryHidden"]
    names = [*book.xpath("//*[local-name()='workbookPr']/@codeName"), *sheet.xpath("//@codeName")]
    assert set(names) <= set(sources()) and len(names) == 2
    assert book.xpath("//*[local-name()='sheet']/@name") == ["jixiao.conf"]


def test_another_reader_finds_the_config_where_xlwings_looks():
    """Column A without a gap, values in B; empty ones are there and empty."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made())).get_sheet_by_name("jixiao.conf").to_python()
    found = {row[0]: row[1] for row in rows}
    assert found == config(PYTHON, found["PYTHONPATH"])


def test_the_function_wizard_tells_every_argument_in_chinese():
    texts = {
        one.get("name"): [text.text for text in one.iter(f"{{{parts.X14}}}argumentDescription")]
        for one in tree(parts.WORKBOOK).iter(f"{{{parts.X14}}}definedName")
    }
    assert set(texts) == {one.name for one in FORMULAS if one.arguments}
    for one in FORMULAS:
        if one.arguments:
            assert len(texts[one.name]) == len(one.arguments)
            assert all(len(text) <= 255 and re.search("[一-鿿]", text) for text in texts[one.name])


def test_the_function_wizard_tells_every_function_in_chinese():
    """In the source, in the code page that the project names: that of a Chinese Windows."""
    for one in FORMULAS:
        (said,) = re.findall(rf'Attribute {one.name}\.VB_Description = "(.*)"', sources()["JixiaoFormulas"])
        assert said == one.said and re.search("[一-鿿]", said) and len(said) <= 255
    with olefile.OleFileIO(part(parts.VBA)) as vba:
        assert VBA_Project(vba, "", "PROJECT", "VBA/dir").codepage == 936


def test_another_code_page_changes_no_code():
    """What is not ASCII stands only in descriptions, and their quotes stay quotes whatever is read."""
    for name, source in sources().items():
        for line in source.splitlines():
            if not line.isascii():
                assert name == "JixiaoFormulas" and ".VB_Description = " in line
                foreign = line.encode("gbk").decode("latin-1")
                assert foreign.count('"') == 2 and foreign.endswith('"')


def test_the_minimal_build_has_no_texts_for_the_wizard():
    assert b"x14" in part(parts.WORKBOOK) and b"x14" not in part(parts.WORKBOOK, True)
    assert "VB_Description" in sources()["JixiaoFormulas"]
    assert "VB_Description" not in sources(True)["JixiaoFormulas"]


# ---------------------------------------------------------------- the command, and another reader


def test_the_command_builds_both_kinds_and_overwrites_nothing(tmp_path, capsys):
    for name, more in (("绩效 自评.xlam", []), ("小.xlam", ["--minimal"])):
        assert main(["addin", "build", str(tmp_path / name), *more]) == 0
        assert name in capsys.readouterr().out
    assert (tmp_path / "绩效 自评.xlam").read_bytes() == build()
    assert main(["addin", "build", str(tmp_path / "小.xlam")]) == 2
    assert main(["addin", "build", str(tmp_path / "小.xlsx")]) == 2


LIST_MODULES = """
import json
options = (setting("Hidden", True), setting("FilterName", "Calc MS Excel 2007 VBA XML"))
addin = desktop.loadComponentFromURL("file://{addin}", "_blank", 0, options)
found = {{}}
for name in addin.BasicLibraries.ElementNames:
    addin.BasicLibraries.loadLibrary(name)
    library = addin.BasicLibraries.getByName(name)
    found |= {{one: library.getModuleInfo(one).ModuleType for one in library.ElementNames
              if library.hasModuleInfo(one)}}
open("{listed}", "w").write(json.dumps(found))
addin.close(True)
"""
STANDARD, CLASS, DOCUMENT = 1, 2, 4


@pytest.mark.live
@pytest.mark.skipif(
    shutil.which("soffice") is None
    or subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode != 0,
    reason="LibreOffice is not installed",
)
def test_libreoffice_lists_the_modules_with_their_kinds(tmp_path):
    addin, listed = tmp_path / "jixiao.xlam", tmp_path / "modules.json"
    addin.write_bytes(made())
    script = Path(__file__).with_name("in_libreoffice.py")
    other = next(data_folder("workbook_templates").glob("*.xlsx"))
    change = LIST_MODULES.format(addin=addin, listed=listed)
    command = [SYSTEM_PYTHON, script, other, tmp_path / "other.xlsx", tmp_path / "profile", change]
    subprocess.run(command, check=True, timeout=180)
    found = json.loads(listed.read_text())
    kinds = {module.name: module.kind for module in [*own_modules(FORMULAS), *xlwings_modules()]}
    expected = {"Module": STANDARD, "Class": CLASS, "Document": DOCUMENT}
    assert found == {name: expected[kind] for name, kind in kinds.items()}
