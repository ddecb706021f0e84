"""The draft papers: they say what was resolved and nothing else, survive Word, and refuse a faulty template whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import results_fixture
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from generate import PAPERS as DRAWN
from hypothesis import given, settings
from hypothesis import strategies as st
from resolved_samples import SESSION, resolved_of, resolved_sample

from thidua_xlsx.model.council import AWARDED, NOT_AWARDED, Basis, Resolved, Session
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.results import Nominee, Person
from thidua_xlsx.model.text import clean
from thidua_xlsx.model.wording import in_words
from thidua_xlsx.papers import GUIDE, PAPERS, shipped_templates, write_papers
from thidua_xlsx.papers.certificates import CERTIFICATES, COLUMNS
from thidua_xlsx.papers.field_names import LISTS, SINGLE
from thidua_xlsx.papers.fields import fields_of
from thidua_xlsx.papers.words import DOTS, SHORT_DOTS, day_in_words
from thidua_xlsx.workbooks.plans import shipped_plan_folder

SUBMISSION, MINUTES, COLLECTIVES, INDIVIDUALS, MONEY = PAPERS
PLANS = ("soc-trang-2025", "can-tho-2021-2025", "thuong-phuc-2026-2030")
HEADER = "w:tblHeader"
Files = Mapping[str, bytes]


@cache
def resolved() -> Resolved:
    """By hand, so that most tests need no run."""
    return resolved_of(results_fixture.result(), SESSION)


@cache
def papers_of(plan_id: str) -> Files:
    files, findings = write_papers(resolved_sample(plan_id), {})
    assert not findings
    return files


def written(of: Resolved, **templates: bytes) -> Files:
    files, findings = write_papers(of, {f"{name}.docx": data for name, data in templates.items()})
    assert [item.message for item in findings] == []
    return files


def opened(data: bytes) -> Any:
    return docx.Document(BytesIO(data))


def template(*paragraphs: str, row: tuple[str, ...] = ()) -> bytes:
    """A template as somebody might type it."""
    made = opened(shipped_templates()[GUIDE])
    for element in list(made.element.body.iterchildren(qn("w:p"), qn("w:tbl"))):
        made.element.body.remove(element)
    for text in paragraphs:
        made.add_paragraph(text)
    if row:
        for cell, text in zip(made.add_table(1, len(row)).rows[0].cells, row, strict=True):
            cell.text = text
    return saved(made)


def saved(document: Any) -> bytes:
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def paragraphs(data: bytes) -> list[str]:
    """Every paragraph's text, those of tables and headers included."""
    document = opened(data)
    roots = [document.element.body, *(section.header._element for section in document.sections)]
    return ["".join(node.text or "" for node in p.iter(qn("w:t"))) for root in roots for p in root.iter(qn("w:p"))]


def text_of(data: bytes) -> str:
    return "\n".join(paragraphs(data))


def tables(data: bytes) -> Iterator[list[list[str]]]:
    """The framed tables, row by row; read from the markup, since the library takes seconds over 200 rows."""
    for table in opened(data).element.body.iter(qn("w:tbl")):
        if table.find(f".//{qn(HEADER)}") is not None:
            yield [[lines_in(cell) for cell in row.iterchildren(qn("w:tc"))] for row in table.iterchildren(qn("w:tr"))]


def lines_in(cell: Any) -> str:
    return "\n".join("".join(node.text or "" for node in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p")))


def rows(data: bytes) -> list[list[str]]:
    """The numbered rows of all framed tables."""
    return [row for table in tables(data) for row in table if row[0].isdigit()]


def is_sum(row: list[str]) -> bool:
    return row[1].startswith(("Cộng", "Tổng"))


def figure(text: str) -> int:
    return int(text.replace(".", ""))


def sheet_rows(data: bytes) -> list[dict[str, Any]]:
    header, *values = openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in values]


# What they say


@pytest.mark.parametrize("plan_id", PLANS)
def test_counts_names_and_amounts_are_those_resolved(plan_id: str) -> None:
    of, files = resolved_sample(plan_id), papers_of(plan_id)
    lists = {subject: of.awarded(subject) for subject in ("collective", "individual")}
    assert all(lists.values())
    for subject, word in (("collective", "tập thể"), ("individual", "cá nhân")):
        assert f"{len(lists[subject]):02} {word}" in text_of(files[SUBMISSION])
        assert f"{len(lists[subject]):02} {word}" in text_of(files[MINUTES])
    names = {subject: [item.nominee.name for item in items] for subject, items in lists.items()}
    assert [row[1] for row in rows(files[COLLECTIVES])] == names["collective"]
    assert [row[2] for row in rows(files[INDIVIDUALS])] == names["individual"]
    attached = [table[1:] for table in tables(files[SUBMISSION])]
    assert [[row[1] for row in attached[0]], [row[2] for row in attached[1]]] == list(names.values())

    amounts = [item.money.amount for items in lists.values() for item in items if item.money]
    assert [figure(row[6]) for row in rows(files[MONEY])] == amounts
    for row, item in zip(rows(files[MONEY]), [*lists["collective"], *lists["individual"]], strict=True):
        assert item.money
        assert item.money.coefficient * item.money.base == figure(row[5])
    sums = [figure(row[6]) for table in tables(files[MONEY]) for row in table if row[1:] and is_sum(row)]
    assert sums[-1] == sum(amounts) == sum(sums[:-1])
    for name in (SUBMISSION, MONEY):
        assert in_words(sum(amounts)) in text_of(files[name])


@pytest.mark.parametrize("plan_id", PLANS)
def test_nothing_is_left_to_fill_and_nobody_else_is_named(plan_id: str) -> None:
    of, files = resolved_sample(plan_id), papers_of(plan_id)
    assert set(files) == {*PAPERS, CERTIFICATES}
    left_out = [item.nominee.person for item in of.resolutions if not item.awarded and item.nominee.person]
    assert left_out
    for name in PAPERS:
        assert not re.search("[{}]", text_of(files[name]))
        if name != MINUTES:
            assert not [person.name for person in left_out if person.name in text_of(files[name])]


def test_the_minutes_carry_every_vote_and_the_reason_of_each_departure() -> None:
    of, minutes = resolved(), papers_by_hand()[MINUTES]
    judged = [item for item in of.resolutions if item.ballot.agree is not None]
    assert 0 < len(judged) < len(of.resolutions), "a reserve whom nobody took up"
    told = [(row[3], row[4], row[5], row[6]) for row in rows(minutes)]
    ballots = [item.ballot for item in judged]
    assert told == [
        (str(ballot.agree), str(ballot.disagree), item.share, AWARDED if item.awarded else NOT_AWARDED)
        for ballot, item in zip(ballots, judged, strict=True)
    ]
    apart = [item for item in of.resolutions if item.basis is not Basis.AS_PROPOSED]
    assert {item.basis for item in apart} == {Basis.TIE_SETTLED, Basis.DEPARTED}
    for item in apart:
        assert f"{item.basis.value}; lý do: {item.ballot.opinion}" in text_of(minutes)
    assert "tổng số thành viên Hội đồng: 09; có mặt: 08; vắng mặt: 01" in text_of(minutes).replace("Tổng", "tổng")


@cache
def papers_by_hand() -> Files:
    return written(resolved())


def test_remarks_stand_in_submission_and_minutes_and_leave_no_trace_without() -> None:
    remarks = ("Chỉ số thành phần CS2 là số liệu tạm thời.", "Xếp loại năm 2025 là mức tạm thời.")
    files = written(replace(resolved(), remarks=remarks))
    for name in (SUBMISSION, MINUTES):
        assert [text for text in paragraphs(files[name]) if text.endswith(remarks)] != []
        assert sum(text.count("Lưu ý:") for text in paragraphs(files[name])) == len(remarks)
        assert "Lưu ý" not in text_of(papers_by_hand()[name])


# What nobody knows


def test_what_nobody_wrote_down_is_a_visible_blank() -> None:
    files = written(resolved_of(results_fixture.result(), Session()))
    for name in (SUBMISSION, MINUTES):
        assert day_in_words(None) in text_of(files[name])
    minutes = text_of(files[MINUTES])
    for blank in (f"Địa điểm: {DOTS}", f"Chủ trì: {DOTS}", f"Thư ký: {DOTS}", f"có mặt: {SHORT_DOTS}"):
        assert blank in minutes
    assert f"Quyết định số {DOTS} {day_in_words(None)}" in text_of(files[MONEY])
    for row in sheet_rows(files[CERTIFICATES]):
        assert {row["Số quyết định"], row["Ngày quyết định"], row["Ngày quyết định (số)"]} == {None}


def test_votes_nobody_counted_are_blanks() -> None:
    of = resolved()
    uncounted = [replace(item.ballot, agree=None, disagree=None) for item in of.resolutions]
    items = tuple(
        replace(item, ballot=ballot, share="") for item, ballot in zip(of.resolutions, uncounted, strict=True)
    )
    minutes = written(replace(of, resolutions=items))[MINUTES]
    assert {cell for row in rows(minutes) for cell in row[3:6]} == {SHORT_DOTS}


def test_money_of_a_day_not_decided_is_marked_and_of_no_rate_is_left_blank() -> None:
    undated = written(resolved_of(results_fixture.result(), replace(SESSION, decided_on=None)))
    assert "(tạm tính)" in text_of(undated[MONEY])
    assert "(tạm tính)" in text_of(undated[SUBMISSION])
    assert "tạm tính" not in text_of(papers_by_hand()[MONEY])
    of = resolved()
    free = replace(of, resolutions=tuple(replace(item, money=None) for item in of.resolutions))
    files = written(free)
    assert {row[6] for row in rows(files[MONEY])} == {SHORT_DOTS}
    assert f"Bằng chữ: {DOTS} đồng" in text_of(files[SUBMISSION])
    some = replace(of, resolutions=(replace(of.awarded("collective")[0], money=None), *of.awarded("individual")))
    assert "chưa gồm 01 trường hợp" in text_of(written(some)[MONEY])


@pytest.mark.parametrize("name", PAPERS)
def test_signature_blocks_hold_titles_only(name: str) -> None:
    block = opened(papers_by_hand()[name]).tables
    signed = [cell.text for table in block for row in table.rows for cell in row.cells if "(Ký" in cell.text]
    assert signed
    for text in signed:
        assert len(text.split("\n")) == 2
        assert not any(name in text for name in (SESSION.chair, SESSION.secretary))


def test_nobody_awarded_says_so() -> None:
    of = resolved()
    files = written(replace(of, resolutions=tuple(replace(item, awarded=False) for item in of.resolutions)))
    assert "0 tập thể và 0 cá nhân" in text_of(files[SUBMISSION])
    for name in (COLLECTIVES, INDIVIDUALS, MONEY):
        assert rows(files[name]) == []
        assert "Không có" in text_of(files[name])
    assert sheet_rows(files[CERTIFICATES]) == []


# Form numbers and decrees


def test_form_and_decree_of_the_submission_are_the_plans() -> None:
    of = resolved_sample(PLANS[0])
    told = text_of(papers_of(PLANS[0])[SUBMISSION])
    (row,) = (row for row in of.plan.dossiers if row.form == "01")
    assert f"Mẫu số 01, {row.decree}" in told
    later = replace(row, form="27", decree="Nghị định số 1/2031/NĐ-CP")
    dossiers = tuple(later if item is row else item for item in of.plan.dossiers)
    plan = replace(of.plan, dossiers=dossiers)
    assert "Mẫu số 27, Nghị định số 1/2031/NĐ-CP" in text_of(written(replace(of, plan=plan))[SUBMISSION])
    assert f"Căn cứ {later.decree};" in paragraphs(written(replace(of, plan=plan))[SUBMISSION])


def test_a_plan_without_a_form_shows_none() -> None:
    assert "Mẫu số" not in text_of(papers_of("thuong-phuc-2026-2030")[SUBMISSION]).partition("Hồ sơ gửi kèm")[0]


def test_the_share_of_votes_that_the_plan_asks_for_stands_in_the_minutes() -> None:
    of = resolved()
    silent = replace(of.round, vote_share=None, vote_of=None, casting_vote=None)
    assert "Tỷ lệ phiếu đồng ý phải đạt" not in text_of(written(replace(of, round=silent))[MINUTES])
    asked = replace(of.round, vote_share=70, vote_of="members")
    told = text_of(written(replace(of, round=asked))[MINUTES])
    assert "từ 70 % trở lên trên tổng số thành viên Hội đồng" in told


# Certificates


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_mail_merge_sheet_has_one_row_an_award(plan_id: str) -> None:
    of = resolved_sample(plan_id)
    made = sheet_rows(papers_of(plan_id)[CERTIFICATES])
    awarded = [*of.awarded("collective"), *of.awarded("individual")]
    assert list(made[0]) == [header for header, _ in COLUMNS]
    assert [row["Tên"] for row in made] == [item.nominee.name for item in awarded]
    for row, item in zip(made, awarded, strict=True):
        person = item.nominee.person
        assert row["Tên in trên bằng"] == (f"{person.title} {person.name}" if person else item.nominee.name)
        assert row["Thành tích"].startswith("Đã có thành tích xuất sắc trong phong trào thi đua")
        assert str(of.plan.head.year) in row["Thành tích"]
        assert row["Hình thức"] == item.award
        assert row["Ngày quyết định"] == day_in_words(SESSION.decided_on)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 31), "ngày 31 tháng 3 năm 2026"),
        (date(2026, 12, 9), "ngày 09 tháng 12 năm 2026"),
    ],
)
def test_days_are_padded_as_official_papers_do(day: date, words: str) -> None:
    assert day_in_words(day) == words


# Templates as staff leave them


def every_run_cut(data: bytes) -> bytes:
    """Word's spelling checker at its worst: one run a letter, a mark of error between any two."""
    document = opened(data)
    for run in list(document.element.body.iter(qn("w:r"))):
        node = run.find(qn("w:t"))
        if len(run.findall(qn("w:t"))) != 1 or len(node.text or "") < 2:
            continue
        for letter in reversed(node.text):
            single = deepcopy(run)
            single.find(qn("w:t")).text = letter
            single.find(qn("w:t")).set(qn("xml:space"), "preserve")
            run.addnext(single)
            run.addnext(OxmlElement("w:proofErr"))
        run.getparent().remove(run)
    return saved(document)


@pytest.mark.parametrize("name", PAPERS)
def test_fields_cut_into_runs_are_filled_alike(name: str) -> None:
    cut = every_run_cut(shipped_templates()[name])
    assert opened(cut).element.xml.count("<w:proofErr") > 100
    files, findings = write_papers(resolved(), {name: cut})
    assert not findings
    assert paragraphs(files[name]) == paragraphs(papers_by_hand()[name])


def test_headers_text_boxes_and_names_in_any_case_are_filled() -> None:
    document = opened(template("Số {SỐ TẬP THỂ} và { số  cá nhân }, {Tổng Số Thành Viên}, {ngày họp}"))
    document.sections[0].header.paragraphs[0].text = "{cơ quan}"
    box = OxmlElement("w:txbxContent")
    inner = OxmlElement("w:p")
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = "{đợt}"
    for outer, held in ((run, words), (inner, run), (box, inner)):
        outer.append(held)
    document.paragraphs[0].runs[0]._r.append(box)
    told = paragraphs(written(resolved(), rieng=saved(document))["rieng.docx"])
    of = resolved()
    assert of.plan.head.authority in told
    assert of.round.name in told
    assert any(day_in_words(SESSION.held_on) in text and "09" in text for text in told)


def test_footnotes_are_filled_too() -> None:
    document = opened(template("{đợt}"))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = "<w:footnote><w:p><w:r><w:t>Của {cơ quan}</w:t></w:r></w:p></w:footnote>"
    notes = f'<w:footnotes xmlns:w="{space}">{note}</w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    made = zipfile.ZipFile(BytesIO(written(resolved(), rieng=saved(document))["rieng.docx"]))
    assert f"Của {resolved().plan.head.authority}" in made.read("word/footnotes.xml").decode()


def test_a_row_of_an_empty_list_goes_and_the_document_stays_whole() -> None:
    made = opened(written(resolved(), rieng=template("A", row=("{lưu ý: nội dung}", "")))["rieng.docx"])
    assert made.tables == []
    assert [paragraph.text for paragraph in made.paragraphs] == ["A"]


def test_the_look_of_a_field_stays_and_what_stands_around_it_too() -> None:
    document = opened(template("A {số tập thể} B"))
    document.add_paragraph("trước ").add_run("{số cá nhân}").bold = True
    made = opened(written(resolved(), rieng=saved(document))["rieng.docx"])
    count = len(resolved().awarded("individual"))
    assert [(run.text, run.bold) for run in made.paragraphs[-1].runs] == [("trước ", None), (f"{count:02}", True)]
    assert made.paragraphs[0].text.startswith("A ")
    assert made.paragraphs[0].text.endswith(" B")


def test_a_further_template_makes_a_further_paper_but_guide_and_locks_do_not() -> None:
    files, findings = write_papers(resolved(), {"giay-moi.docx": template("{đợt}"), "~$to-trinh.docx": b"\x05khoa"})
    assert not findings
    assert set(files) == {*PAPERS, CERTIFICATES, "giay-moi.docx"}


def test_a_name_in_capitals_is_the_same_template() -> None:
    files, _ = write_papers(resolved(), {"TO-TRINH.docx": template("{đợt}")})
    assert set(files) == {*PAPERS, CERTIFICATES}
    assert paragraphs(files[SUBMISSION])[0] == resolved().round.name


def test_a_template_without_fields_comes_out_as_it_is() -> None:
    assert paragraphs(written(resolved(), rieng=template("Không có trường"))["rieng.docx"])[0] == "Không có trường"


FAULTS = {
    "unknown": (template("Kính gửi {ngừoi có thẩm quyền}"), Code.TEMPLATE_UNKNOWN_FIELD),
    "unknown column": (template(row=("{tập thể: tuổi}", "")), Code.TEMPLATE_UNKNOWN_FIELD),
    "unknown list": (template("{tổ dân phố: tên}"), Code.TEMPLATE_UNKNOWN_FIELD),
    "jinja": (template("{{ số tập thể }}"), Code.TEMPLATE_BRACES),
    "jinja code": (template("{% for a in b %}"), Code.TEMPLATE_UNKNOWN_FIELD),
    "empty": (template("{}"), Code.TEMPLATE_UNKNOWN_FIELD),
    "open": (template("Số {số tập thể"), Code.TEMPLATE_BRACES),
    "closed": (template("Số số tập thể}"), Code.TEMPLATE_BRACES),
    "two lists in a row": (template(row=("{tập thể: tên}", "{cá nhân: tên}")), Code.TEMPLATE_TWO_LISTS),
    "two lists in a paragraph": (template("{hồ sơ: nội dung} {lưu ý: nội dung}"), Code.TEMPLATE_TWO_LISTS),
    "no bytes": (b"", Code.TEMPLATE_UNREADABLE),
    "no zip": (b"<html>to trinh</html>", Code.TEMPLATE_UNREADABLE),
    "cut off": (template("a")[:-200], Code.TEMPLATE_UNREADABLE),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Code.TEMPLATE_UNREADABLE),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_template_is_told_and_nothing_is_written(fault: str) -> None:
    data, code = FAULTS[fault]
    files, findings = write_papers(resolved(), {"to-trinh.docx": data})
    assert files == {}
    assert {item.code for item in findings} == {code}
    assert all(item.place.file == "to-trinh.docx" and "to-trinh.docx" in item.message for item in findings)


def test_an_unknown_field_is_told_with_its_paragraph_and_what_may_stand_there() -> None:
    for data, paragraph, field, meant, offered in (
        (FAULTS["unknown"][0], "Kính gửi {ngừoi có thẩm quyền}", "{ngừoi có thẩm quyền}", "người có thẩm quyền",
         SINGLE),
        (FAULTS["unknown list"][0], "{tổ dân phố: tên}", "{tổ dân phố: tên}", None, SINGLE),
        (template(row=("{cá nhân: tênn}",)), "{cá nhân: tênn}", "{cá nhân: tênn}", "cá nhân: tên",
         [f"cá nhân: {name}" for name in LISTS["cá nhân"]]),
    ):  # fmt: skip
        (found,) = write_papers(resolved(), {"to-trinh.docx": data})[1]
        assert f"«{paragraph}»: không có trường {field}" in found.message
        assert meant is None or f"có phải là {{{meant}}}" in found.message
        assert all(f"{{{name}}}" in found.message for name in offered)


def test_faults_of_several_templates_are_told_together() -> None:
    bad = {SUBMISSION: FAULTS["unknown"][0], MONEY: FAULTS["no zip"][0]}
    files, findings = write_papers(resolved(), bad)
    assert files == {}
    assert {item.place.file for item in findings} == set(bad)


def test_another_office_file_is_no_template() -> None:
    sheet = BytesIO()
    openpyxl.Workbook().save(sheet)
    _, (found,) = write_papers(resolved(), {"to-trinh.docx": sheet.getvalue()})
    assert found.code is Code.TEMPLATE_UNREADABLE


# Fields


def test_every_catalogued_field_has_a_value_and_nothing_else_has() -> None:
    fields = fields_of(resolved())
    assert fields.single.keys() == SINGLE.keys()
    assert fields.lists.keys() == LISTS.keys()
    for name, records in fields.lists.items():
        assert all(record.keys() == LISTS[name].keys() for record in records), name


def test_the_guide_names_every_field() -> None:
    told = paragraphs(shipped_templates()[GUIDE])
    listed = [f"{group}: {column}" for group, columns in LISTS.items() for column in columns]
    assert {f"{{{name}}}" for name in [*SINGLE, *listed]} <= set(told)


ODD = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("&<>\"'{}%…\u0301ƯỔđ\u00a0"),
    min_size=1, max_size=60,
).filter(clean)  # fmt: skip


@settings(max_examples=8)
@given(ODD, ODD, ODD)
def test_any_name_stands_in_the_papers_as_it_is(unit: str, name: str, remark: str) -> None:
    of = resolved()

    def renamed(nominee: Nominee) -> Nominee:
        person = nominee.person
        return Nominee(replace(nominee.unit, name=unit), replace(person, name=name, section="") if person else None)

    items = tuple(replace(item, nominee=renamed(item.nominee)) for item in of.resolutions)
    files = written(replace(of, resolutions=items, remarks=(remark,)))
    assert {row[1] for row in rows(files[COLLECTIVES])} == {clean(unit)}
    assert {row[2] for row in rows(files[INDIVIDUALS])} == {clean(name)}
    assert f"Lưu ý: {clean(remark)}" in paragraphs(files[SUBMISSION])
    assert {row["Tên"] for row in sheet_rows(files[CERTIFICATES])} == {clean(unit), clean(name)}


# Bytes


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written(resolved()) == papers_by_hand()
    for name in PAPERS:
        with zipfile.ZipFile(BytesIO(papers_by_hand()[name])) as made:
            assert {item.date_time[0] for item in made.infolist()} == {1980}


@pytest.mark.parametrize("path", DRAWN)
def test_the_committed_templates_are_not_stale(path: str) -> None:
    """Part by part: another version of the library may bring other style sheets."""
    committed, made = ((shipped_plan_folder() / path).read_bytes(), DRAWN[path]())
    for part in ("word/document.xml", "word/header1.xml"):
        texts = [zipfile.ZipFile(BytesIO(data)).read(part) for data in (committed, made)]
        assert texts[0] == texts[1], "chạy lại: python -m tests.generate templates"


# On paper


def crowded(count: int = 200) -> Resolved:
    """So many persons that every list runs over pages."""
    of = resolved()
    first = of.awarded("individual")[0]

    def person(number: int) -> Person:
        assert first.nominee.person
        return replace(first.nominee.person, name=f"Nguyễn Thị Người Số {number}", order=number)

    people = (replace(first, nominee=Nominee(first.nominee.unit, person(number))) for number in range(count))
    return replace(of, resolutions=(*of.awarded("collective"), *people))


def test_two_hundred_persons_stand_in_rows_under_a_header_that_repeats() -> None:
    files = written(crowded())
    for name in (SUBMISSION, MINUTES, INDIVIDUALS, MONEY):
        table = max(opened(files[name]).tables, key=lambda table: len(table._tbl.tr_lst))
        assert len(table._tbl.tr_lst) >= 200
        first, *others = table._tbl.tr_lst
        assert first.find(f".//{qn(HEADER)}") is not None
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in others)


def said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.office
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="LibreOffice is not installed")
def test_the_papers_open_and_print(tmp_path: Path) -> None:
    """A4, Times New Roman, the header row on every page of a long list, a number on every page but the first."""
    for name, data in written(crowded()).items():
        (tmp_path / name).write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf"]
    names = sorted(path.name for path in tmp_path.glob("*.*x"))
    subprocess.run([*command, *names], cwd=tmp_path, check=True, capture_output=True, timeout=180)
    for name in names:
        pdf = (tmp_path / name).with_suffix(".pdf")
        told = said("pdftotext", "-layout", str(pdf), "-")
        pages = told.rstrip("\f").split("\f")
        assert not re.search("[{}]", told)
        if name == CERTIFICATES:
            continue
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
        numbers = [page.strip().split("\n")[0].strip() for page in pages]
        assert numbers[0] != "1"
        assert numbers[1:] == [str(number) for number in range(2, len(pages) + 1)]
        if name in (INDIVIDUALS, MONEY):
            assert len(pages) > 8
            assert sum("STT" in page for page in pages) >= len(pages) - 1
        assert "A4" in said("pdfinfo", str(pdf))
