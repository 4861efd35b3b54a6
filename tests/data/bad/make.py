#!/usr/bin/env python3
"""Makes tests/data/bad.csv and the data files beside this script.

Every row is one good row with one thing made wrong; its column `breaks` names
the rule that refuses it and the field of the form. The data directory of the
table is this folder. Run it after a rule of the form changes.
"""

import csv
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
METERING = HERE.parent / "metering"

# Columns that a table may have and the metering table does without.
MORE_COLUMNS = ["contract_file", "contract_end", "storage_format_text"]

SERIES = "S3 日用能数据"
DAY_FIELDS = [
    ("date", "date", "日期", "", "false", "GENERAL"),
    ("readings", "integer", "当日读数次数", "次", "false", "GENERAL"),
    ("energy_kwh", "decimal", "日热量", "kWh", "false", "GENERAL"),
    ("volume_m3", "decimal", "日流量", "m3", "false", "GENERAL"),
]
NOTE_FIELDS = [
    ("user", "integer", "随机化用户编号", "", "false", "GENERAL"),
    ("note", "text", "备注", "", "true", "GENERAL"),
]
LONG_SERIES = "S" * 201


def changed(fields, row, column, value):
    out = [list(field) for field in fields]
    out[row][column] = value
    return out


FIELD_TABLES = {
    SERIES: DAY_FIELDS,
    "备注": NOTE_FIELDS,
    "单列": NOTE_FIELDS[:1],
    "重名": [NOTE_FIELDS[0], ("user", "text", "备注", "", "true", "GENERAL")],
    "无类型": changed(DAY_FIELDS, 2, 1, ""),
    "无含义": changed(DAY_FIELDS, 2, 2, ""),
    "核心数据": changed(DAY_FIELDS, 2, 5, "CORE"),
    "未分类": changed(DAY_FIELDS, 2, 5, ""),
    LONG_SERIES: DAY_FIELDS,
}

GOOD_ROWS = 24


def notes(note):
    return "user,note\n1,正常\n2," + note + "\n3,正常\n"


def data_files():
    days = (METERING / "data/49_daily_2018.csv").read_text("utf-8")
    lines = days.splitlines()[:GOOD_ROWS + 1]
    swapped = ["readings,date,energy_kwh,volume_m3"] + [
        ",".join((line.split(",")[1], line.split(",")[0],
                  *line.split(",")[2:])) for line in lines[1:]]
    ragged = lines[:2] + [lines[2] + ",1"] + lines[3:]
    quoted = lines[:2] + ['"' + lines[2]] + lines[3:]
    return {
        "good.csv": "\n".join(lines) + "\n",
        "good.json": '{"user":1,"note":"一"}\n{"user":2,"note":"二"}\n',
        "columns_swapped.csv": "\n".join(swapped) + "\n",
        "row_too_long.csv": "\n".join(ragged) + "\n",
        "row_unreadable.csv": "\n".join(quoted) + "\n",
        "one_column.csv": "user\n1\n2\n3\n",
        "column_twice.csv": "user,user\n1,一\n2,二\n3,三\n",
        "id_number.csv": notes("11010519491231002X"),
        "mobile_phone.csv": notes("电话 138 0013 8000"),
        "bank_card.csv": notes("6222021234567890128"),
        "email.csv": notes("zhang.san@example.org"),
        "plate.csv": notes("浙C·12345"),
        "address.csv": notes("府前街 12 号 3 幢"),
        "empty.csv": "",
        "contract.txt": "数据采购合同\n",
    }


def luhn_ok(digits):
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if i % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


NOTE = {"series": "备注"}
CONTRACT = {"acquisition": "PURCHASED", "contract_file": "contract.txt",
            "contract_end": "2027-06-30"}


def identity_cases(good, _):
    """Name, codes and scene."""
    return [
        ("REFERENCE client_reference", {"client_reference": "ZJ METER 1"}),
        ("B01 name", {"name": "某数据"}),
        ("B01 name", {"name": "热" * 58 + "数据集"}),
        ("B01 name", {"name": "节能改造评估用居民供热数据平台"}),
        ("B01 name", {"name": "节能改造评估用居民供热日用能记录"}),
        ("B01 name", {"name": "节能改造评估 www.example.org 用能数据"}),
        ("B01 name", {"name": "daily heat 2018 数据"}),
        ("B23 name", {"name": "13800138000 居民供热日用能数据集"}),
        ("B04 industry_code", {"industry_code": "Z4016"}),
        ("B04 industry_code", {"industry_code": "C4099"}),
        ("B04 scenario_industry_code", {"scenario_industry_code": "D9999"}),
        ("REGION region_code", {"region_code": "33038"}),
        ("REGION region_code", {"region_code": "339999"}),
        ("B05 scenario.conditions", {"scenario_conditions": ""}),
        ("B05 scenario.scope", {"scenario_scope": " "}),
        ("B05 scenario.object", {"scenario_object": ""}),
        ("B05 scenario.problem_solved", {"problem_solved": ""}),
        ("B05 scenario", {"scenario_conditions": "楼", "scenario_scope": "城",
                          "scenario_object": "人", "problem_solved": "省"}),
        ("B23 scenario.conditions",
         {"scenario_conditions": good["scenario_conditions"] +
          ",详询 zhang.san@example.org"}),
        ("B23 scenario.object",
         {"scenario_object": good["scenario_object"] +
          ",联系人 11010519491231002X"}),
    ]


def source_cases(_good, _deidentified):
    """Sources and the table of fields."""
    return [
        ("B06 sources", {"source_categories": ""}),
        ("B06 sources[0].acquisition", {"acquisition": ""}),
        ("B06 sources[0].method", {"acquisition_method": ""}),
        ("B06 sources[0].contract", {"acquisition": "PURCHASED",
                                     "contract_end": "2027-06-30"}),
        ("B07 sources[0].contract_end", {**CONTRACT, "contract_end": ""}),
        ("B07 sources[0].contract_end",
         {**CONTRACT, "contract_end": "2027-06-31"}),
        ("B07 sources[0].contract_end",
         {**CONTRACT, "contract_end": "2024-06-19"}),
        ("B08 fields", {"series": "单列", "file": "one_column.csv",
                        "record_count": 3}),
        ("B08 fields[1].name", {"series": "重名", "file": "column_twice.csv",
                                "record_count": 3}),
        ("B08 fields[2].type", {"series": "无类型"}),
        ("B08 fields[2].meaning", {"series": "无含义"}),
        ("B17 fields[2].classification", {"series": "核心数据"}),
        ("B17 fields[2].classification", {"series": "未分类"}),
    ]


def structure_cases(_good, _deidentified):
    """Size, format, update, coverage and what is said of them."""
    return [
        ("B11 record_count", {"record_count": 1}),
        ("B11 record_count", {"record_count": ""}),
        ("B11 byte_size", {**NOTE, "storage_format": "JSON",
                           "file": "good.json", "record_count": 1000000}),
        ("FORMAT storage_format", {"storage_format": ""}),
        ("FORMAT storage_format_text", {"storage_format": "OTHER"}),
        ("FORMAT storage_format_text", {"storage_format_text": "逗号分隔"}),
        ("FREQUENCY update_frequency", {"update_frequency": ""}),
        ("COVERAGE coverage_from", {"coverage_from": "2018-1-1"}),
        ("COVERAGE coverage_to", {"coverage_to": "2018-02-29"}),
        ("COVERAGE coverage_to", {"coverage_from": "2018-12-31",
                                  "coverage_to": "2018-01-01"}),
        ("PUBLIC_STATE public_state", {"public_state": ""}),
        ("PUBLIC_STATE public_state", {"public_state": "PUBLISHED"}),
        ("AI_SHARE ai_processing_share", {"ai_processing_share": ""}),
    ]


def processing_cases(good, deidentified):
    """Algorithm and de-identification."""
    algorithm = good["algorithm_summary"]
    return [
        ("B15 algorithm_summary", {"algorithm_summary": "清洗后汇总。"}),
        ("B15 algorithm_summary", {"algorithm_summary": ""}),
        ("B15 algorithm_summary", {"algorithm_summary": "算" * 3001}),
        ("B23 algorithm_summary",
         {"algorithm_summary": algorithm + "账号 6222021234567890128。"}),
        ("B16 deidentification", {"source_categories": "PERSONAL"}),
        ("B16 deidentification", {"source_categories": "PUBLIC"}),
        ("B16 deidentification.method", {**deidentified, "deid_method": ""}),
        ("B16 deidentification.standard",
         {**deidentified, "deid_standard": ""}),
        ("B16 deidentification.reidentification_test",
         {**deidentified, "reidentification_test": ""}),
        ("B16 deidentification.irreversible",
         {**deidentified, "irreversible": "false"}),
    ]


def sample_cases(_good, _deidentified):
    """Deposit and sample."""
    return [
        ("B14 byte_size", {"byte_size": 1234}),
        ("B14 record_count", {"record_count": GOOD_ROWS + 1}),
        ("B09 sample.columns", {"file": "columns_swapped.csv"}),
        ("B09 sample", {"file": "row_too_long.csv"}),
        ("B09 sample", {"file": "row_unreadable.csv"}),
        ("B10 sample", {**NOTE, "file": "id_number.csv", "record_count": 3}),
        ("B10 sample",
         {**NOTE, "file": "mobile_phone.csv", "record_count": 3}),
        ("B10 sample", {**NOTE, "file": "bank_card.csv", "record_count": 3}),
        ("B10 sample", {**NOTE, "file": "email.csv", "record_count": 3}),
        ("B10 sample", {**NOTE, "file": "plate.csv", "record_count": 3}),
        ("B10 sample", {**NOTE, "file": "address.csv", "record_count": 3}),
    ]


def declaration_cases(_good, deidentified):
    """What is declared, and cells that are none of their kind."""
    return [
        ("B19 prior_registrations[0].registry",
         {"prior_registrations": "京|1|2023-05-04"}),
        ("B19 prior_registrations[0].number",
         {"prior_registrations": "北京市||2023-05-04"}),
        ("B19 prior_registrations[0].date",
         {"prior_registrations": "北京市|1|2024-06-21"}),
        ("CONTACT contact.role", {"contact_role": ""}),
        ("CONTACT contact.phone", {"contact_phone": ""}),
        ("SERIES series", {"series": LONG_SERIES}),
        ("PREPARED prepared_from", {"prepared_from": ""}),
        ("PREPARED prepared_from", {"prepared_from": "2024-06-21"}),
        ("CSV record_count", {"record_count": "二十四"}),
        ("CSV byte_size", {"byte_size": "-1"}),
        ("CSV irreversible", {**deidentified, "irreversible": "也许"}),
        ("CSV source_categories", {"source_categories": "NOBODY"}),
        ("CSV acquisition", {"acquisition": "FOUND"}),
        ("CSV storage_format", {"storage_format": "PAPER"}),
        ("CSV update_frequency", {"update_frequency": "SOMETIMES"}),
        ("CSV public_state", {"public_state": "SECRET"}),
        ("CSV ai_processing_share", {"ai_processing_share": "MOST"}),
        ("CSV prior_registrations", {"prior_registrations": "浙江"}),
        ("CSV contract_file", {**CONTRACT, "contract_file": "none.pdf"}),
        ("CSV contract_file", {**CONTRACT, "contract_file": "empty.csv"}),
        ("CSV contract_file", {**CONTRACT, "contract_file": "../good.pdf"}),
        ("CSV file", {"file": ""}),
        ("CSV file", {"file": "none.csv"}),
        ("CSV file", {"file": "empty.csv"}),
        ("CSV file", {"file": "../metering/fields.csv"}),
        ("CSV file", {"file": "/etc/hostname"}),
    ]


def cases(good, deidentified):
    """(what is broken, cells to change) in the order of the form."""
    groups = [identity_cases, source_cases, structure_cases, processing_cases,
              sample_cases, declaration_cases]
    return [case for group in groups for case in group(good, deidentified)]


def rows_of(files):
    with open(METERING / "applications.csv", encoding="utf-8") as file:
        metering = list(csv.DictReader(file))
    columns = list(metering[0]) + MORE_COLUMNS + ["breaks"]
    good = dict(metering[48])
    good.update({column: "" for column in MORE_COLUMNS})
    good.update(file="good.csv", record_count=GOOD_ROWS, breaks="")
    deidentified = {"source_categories": "PERSONAL"}
    for column in ("deid_method", "deid_standard", "reidentification_test",
                   "irreversible"):
        deidentified[column] = metering[0][column]
    rows = []
    for breaks, cells in cases(good, deidentified):
        row = dict(good, row=len(rows) + 1, breaks=breaks)
        row["client_reference"] = f"BAD-{len(rows) + 1:02d}"
        row.update(cells)
        if "byte_size" not in cells:
            content = files.get(row["file"], "")
            row["byte_size"] = len(content.encode("utf-8"))
        rows.append(row)
    return columns, rows


def main():
    assert luhn_ok("6222021234567890128")
    files = data_files()
    for name, content in files.items():
        (HERE / name).write_text(content, encoding="utf-8")
    with open(HERE / "fields.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["series", "name", "type", "meaning", "unit", "nullable",
                      "classification"])
        for series, fields in FIELD_TABLES.items():
            for field in fields:
                out.writerow([series, *field])
    columns, rows = rows_of(files)
    with open(HERE.parent / "bad.csv", "w", encoding="utf-8",
              newline="") as file:
        out = csv.DictWriter(file, columns, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
        # Two rows that cannot be read as rows at all.
        file.write(f"{len(rows) + 1},BAD-TOO-FEW-CELLS,CSV\n")
        file.write(f'{len(rows) + 2},"BAD-QUOTES,CSV\n')


if __name__ == "__main__":
    main()
