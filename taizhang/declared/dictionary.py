"""What the table declarations say, for people and for other programs: templates, data dictionary, Data Package.

All three are made from the declarations and from nothing else, so they cannot say anything different.
"""

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path

from taizhang.declared.tables import OPEN_LISTS, Column, Table, all_tables, code_lists
from taizhang.declared.tables import ledgers as declared_ledgers
from taizhang.declared.values import CLEAR, NO, YES
from taizhang.declared.wording import Language

PAGE = "docs/data-dictionary.md"
PACKAGE = "datapackage.json"
SHIPPED = ("data/article", "data/geo")

_TYPES = {  # DuckDB type → words of the page, type of the Data Package
    "VARCHAR": ("文本 text", "string"),
    "INTEGER": ("整数 integer", "integer"),
    "BIGINT": ("整数 integer", "integer"),
    "BOOLEAN": ("是否 yes/no", "boolean"),
    "DATE": ("日期 date", "date"),
    "TIMESTAMP": ("时间 timestamp", "datetime"),
}
_DECIMAL = ("小数 decimal", "number")


def template(table: Table, t: Language) -> bytes:
    """An empty CSV of a ledger that Excel opens as it is; the demo mark is ours to set and has no column."""
    out = io.StringIO()
    csv.writer(out).writerow(t.of(column.heading) for column in table.columns if column.name != "is_demo")
    return out.getvalue().encode("utf-8-sig")


def write(root: Path) -> list[Path]:
    """Write the data dictionary and the Data Package under the repository `root`; returns what was written."""
    made = {PAGE: dictionary_page(), PACKAGE: package_text(root)}
    for name, text in made.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return [root / name for name in made]


# --- the page --------------------------------------------------------------------------------------------------


def dictionary_page() -> str:
    """The data dictionary as Markdown, Chinese and English side by side."""
    tables = sorted(all_tables().values(), key=lambda table: (table.kind, table.name))
    used = _used_code_lists(tables)
    return "\n".join(
        [
            "# 数据字典 · Data dictionary",
            "",
            "本页由 `taizhang docs` 从 `queries/tables` 和 `queries/records` 中的定义生成，请勿手工修改。",
            "This page is made by `taizhang docs` from the declarations in `queries/tables` and `queries/records`; "
            "do not edit it.",
            "",
            "上传的 CSV 用中文表头、英文表头、别名或字段名都可以；空单元格保持原值，写 "
            f"`{CLEAR[0]}` 或 `{CLEAR[1]}` 则清空。",
            "A CSV may use the Chinese or the English heading, an alias or the column name; an empty cell leaves the "
            f"value as it is, and `{CLEAR[0]}` or `{CLEAR[1]}` empties it.",
            "",
            "## 台账 · Ledgers",
            "",
            *_contents(table for table in tables if table.kind == "ledger"),
            "## 记录（由系统写入）· Records (written by the product)",
            "",
            *_contents(table for table in tables if table.kind == "record"),
            *(line for table in tables for line in _section(table)),
            "## 代码表 · Code lists",
            "",
            *(line for name in used for line in _code_list(name)),
        ]
    )


def _contents(tables: Iterable[Table]) -> list[str]:
    return [*(f"- [{table.title.zh} · {table.title.en}](#{table.name})" for table in tables), ""]


def _section(table: Table) -> list[str]:
    folder = "tables" if table.kind == "ledger" else "records"
    return [
        f'<a id="{table.name}"></a>',
        "",
        f"## {table.title.zh} · {table.title.en} (`{table.name}`)",
        "",
        f"{table.grain.zh} · {table.grain.en}",
        "",
        f"编号列 Key: {', '.join(f'`{name}`' for name in table.key)} · "
        f"规则 Rules: [queries/{folder}/{table.name}.sql](../queries/{folder}/{table.name}.sql)",
        "",
        "| 字段 Column | 表头 | Heading | 类型 Type | 必填 Required | 代码表 Codes | 单位 Unit | 别名 Aliases "
        "| 说明 Note |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_line(table, column) for column in table.columns),
        "",
    ]


def _line(table: Table, column: Column) -> str:
    has_default = re.search(rf"^\s+{column.name} \w.* default ", table.sql, re.MULTILINE)
    needed = column.name in table.key or (column.is_required and not has_default)
    return _row(
        [
            f"`{column.name}`",
            column.heading.zh,
            column.heading.en,
            _TYPES.get(column.type, _DECIMAL)[0],
            "必填 yes" if needed else "",
            f"[{column.codes}](#codes-{column.codes})" if column.codes else "",
            f"{column.unit.zh} {column.unit.en}" if column.unit else "",
            "、".join(column.aliases),
            f"{column.note.zh} · {column.note.en}" if column.note else "",
        ]
    )


def _code_list(name: str) -> list[str]:
    return [
        f'<a id="codes-{name}"></a>',
        "",
        f"### {name}",
        "",
        "| 代码 Code | 标签 | Label | 也可写作 Also written |",
        "|---|---|---|---|",
        *(_row([f"`{one.code}`", one.label.zh, one.label.en, "、".join(one.synonyms)]) for one in code_lists()[name]),
        "",
    ]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _used_code_lists(tables: Iterable[Table]) -> list[str]:
    return sorted({column.codes for table in tables for column in table.columns if column.codes})


# --- the Data Package ------------------------------------------------------------------------------------------


def package_text(root: Path) -> str:
    return json.dumps(datapackage(root), ensure_ascii=False, indent=2) + "\n"


def datapackage(root: Path) -> dict:
    """A Frictionless Data Package of every shipped CSV under `root`; paths in it are relative to `root`."""
    found = [path for folder in SHIPPED for path in sorted((root / folder).glob("*.csv"))]
    return {
        "name": "taizhang",
        "title": "台账 Taizhang",
        "description": "随台账提供的数据：来源文章所述与乡镇名录。The data that Taizhang ships with: what the source "
        "article states, and the register of towns.",
        "resources": [_resource(root, path, found) for path in found],
    }


def _resource(root: Path, path: Path, shipped: list[Path]) -> dict:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    table = declared_ledgers().get(path.stem)
    return {
        "name": _resource_name(path),
        "title": f"{table.title.zh} {table.title.en}" if table else path.stem,
        "path": path.relative_to(root).as_posix(),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(table, header, path, shipped) if table else _bare_schema(header),
    }


def _resource_name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}".replace("_", "-")


def _bare_schema(header: list[str]) -> dict:
    return {"fields": [{"name": name, "type": "string"} for name in header], "missingValues": [""]}


def _schema(table: Table, header: list[str], path: Path, shipped: list[Path]) -> dict:
    """The schema of a CSV of a ledger; its fields are named as the file's own headings are."""
    columns = {heading: table.column_called(heading) for heading in header}
    headings = {column.name: heading for heading, column in columns.items() if column}
    schema = {
        "fields": [
            _field(table, heading, column) if column else {"name": heading, "type": "string"}
            for heading, column in columns.items()
        ],
        "missingValues": [""],
        "primaryKey": [headings[name] for name in table.key],
    }
    foreign = list(_foreign_keys(table, headings, path, shipped))
    return {**schema, "foreignKeys": foreign} if foreign else schema


def _field(table: Table, heading: str, column: Column) -> dict:
    kind = _TYPES.get(column.type, _DECIMAL)[1]
    field = {"name": heading, "type": kind, "title": f"{column.heading.zh} {column.heading.en}"}
    if column.note:
        field["description"] = f"{column.note.zh} {column.note.en}"
    if kind == "boolean":
        field |= {"trueValues": list(YES), "falseValues": list(NO)}
    constraints = _constraints(table, column)
    return {**field, "constraints": constraints} if constraints else field


def _constraints(table: Table, column: Column) -> dict:
    """The rules of a column that the Data Package can say: those of `create table` that concern it alone."""
    found: dict[str, object] = {}
    if column.is_required and not re.search(rf"^\s+{column.name} \w.* default ", table.sql, re.MULTILINE):
        found["required"] = True
    if table.key == (column.name,) or re.search(rf"^\s+{column.name} \w[^,]* unique", table.sql, re.MULTILINE):
        found["unique"] = True
    if column.codes and column.codes not in OPEN_LISTS:
        found["enum"] = [one.code for one in code_lists()[column.codes]]
    if pattern := re.search(rf"check \({column.name} similar to '([^']+)'\)", table.sql):
        found["pattern"] = pattern[1]
    if least := re.search(rf"check \({column.name} (>=|>) (\d+)\)", table.sql):
        found["minimum"] = int(least[2]) + (least[1] == ">")
    if between := re.search(rf"check \({column.name} between (\d+) and (\d+)\)", table.sql):
        found |= {"minimum": int(between[1]), "maximum": int(between[2])}
    if length := re.search(rf"check \(length\({column.name}\) = (\d+)\)", table.sql):
        found |= {"minLength": int(length[1]), "maxLength": int(length[1])}
    return found


def _foreign_keys(table: Table, headings: dict[str, str], path: Path, shipped: list[Path]) -> Iterable[dict]:
    """References of one column to a CSV of the same folder that is shipped too."""
    for name, other, key in re.findall(r"^\s+(\w+) [^,]*?references (\w+) \((\w+)\)", table.sql, re.MULTILINE):
        target = path.with_name(f"{other}.csv")
        if name not in headings or target not in shipped:
            continue
        with target.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        referred = all_tables()[other]
        fields = [heading for heading in header if referred.column_called(heading) == referred.column(key)]
        if fields:
            resource = "" if target == path else _resource_name(target)
            yield {"fields": [headings[name]], "reference": {"resource": resource, "fields": fields}}
