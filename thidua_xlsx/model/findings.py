"""The catalogue of findings: one code, one severity, one Vietnamese sentence that ends with what to do.

Nothing else in the program words a fault. Codes never change meaning; a retired code is not used again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from thidua_xlsx.model.place import NOWHERE, Place


class Severity(Enum):
    """``error`` blocks the unit (or the one person's row), ``warning`` goes to the council, ``note`` explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Code(Enum):
    """Every finding there is: ``Code.X.severity`` and ``Code.X.sentence`` (a format string over its details)."""

    # Answers in a unit's form
    MISSING_ANSWER = _E, "Chưa trả lời ô «{label}». Điền câu trả lời rồi gửi lại phiếu."
    NOT_A_NUMBER = _E, "Ô «{label}» phải là số. Gõ lại bằng chữ số, ví dụ 8,5."
    AMBIGUOUS_NUMBER = (
        _E,
        "Số ở ô «{label}» đọc được theo nhiều cách. Gõ lại không có dấu chấm ngăn cách hàng nghìn và không có dấu %.",
    )
    NOT_IN_LIST = _E, "Câu trả lời ở ô «{label}» không có trong danh sách{suggestion}. Chọn lại một trong: {options}."
    NOT_A_DATE = _E, "Ô «{label}» phải là ngày. Gõ lại theo dạng ngày/tháng/năm, ví dụ 05/12/2025."
    DATE_OUT_OF_RANGE = _E, "Ngày ở ô «{label}» nằm ngoài khoảng {low} đến {high}. Kiểm tra và sửa lại ngày."
    NUMERATOR_ABOVE_DENOMINATOR = (
        _E,
        "Số liệu 1 lớn hơn Số liệu 2 ở tiêu chí {row}. Kiểm tra lại hai số; Số liệu 1 là phần, Số liệu 2 là tổng.",
    )
    ZERO_DENOMINATOR = (
        _E,
        "Số liệu 2 bằng 0 ở tiêu chí {row}, kế hoạch không cho phép. Ghi lại tổng số, hoặc báo cơ quan thường trực nếu không phát sinh.",
    )
    ABOVE_MAXIMUM = _E, "Ô «{label}» lớn hơn mức tối đa {maximum}. Sửa lại cho không quá {maximum}."
    BELOW_MINIMUM = _E, "Ô «{label}» nhỏ hơn mức tối thiểu {minimum}. Sửa lại cho không dưới {minimum}."
    NOT_IN_STEPS = _E, "Điểm ở ô «{label}» không theo bước {step}. Chấm lại theo bước {step} điểm."
    NOT_WHOLE = _E, "Ô «{label}» phải là số nguyên không âm. Gõ lại."
    FORMULA_IN_ANSWER = _E, "Ô «{label}» chứa công thức. Gõ kết quả vào ô thay cho công thức."
    ERROR_CELL = _E, "Ô «{label}» đang báo lỗi. Xóa ô và gõ lại câu trả lời."
    RICH_TEXT = _E, "Ô «{label}» có chữ viết nâng hoặc hạ dòng nên không đọc chắc được. Xóa ô và gõ lại."
    LEGACY_ENCODING = (
        _E,
        "Ô «{label}» gõ bằng phông chữ cũ (TCVN3 hoặc VNI). Gõ lại bằng phông Unicode, ví dụ Times New Roman.",
    )
    TOO_LONG = _E, "Nội dung ô «{label}» quá dài (quá {limit} ký tự). Rút gọn nội dung."
    SAME_PERSON_TWICE = _E, "Người này đã có ở dòng {row}. Xóa một trong hai dòng."
    SAME_ORDER_TWICE = _E, "Thứ tự {order} đã dùng ở dòng {row}. Ghi cho mỗi người một thứ tự riêng."
    COMPLETED_WITHOUT_DATE = _E, "Nhiệm vụ {row} hoàn thành nhưng chưa ghi ngày hoàn thành. Ghi ngày hoàn thành."
    SHEET_MISSING = _E, "Phiếu thiếu sheet «{sheet}». Lấy lại phiếu đã phát hành, điền đủ các sheet và gửi lại."
    HEADER_MISSING = (
        _E,
        "Không thấy cột «{label}» trong sheet. Lấy lại phiếu đã phát hành, giữ nguyên dòng tiêu đề và gửi lại.",
    )
    ROW_MISSING = _E, "Không thấy dòng mã {row} trong sheet. Lấy lại phiếu đã phát hành, giữ nguyên cột mã và gửi lại."
    ROW_TWICE = _E, "Mã {row} có ở hai dòng. Xóa dòng thừa."
    READ_FROM_TEXT = _N, "Ô «{label}» là văn bản, đã đọc là {read}. Không cần sửa nếu đúng."
    READ_FROM_TICK = _N, "Ô «{label}» đánh dấu, đã đọc là {read}. Không cần sửa nếu đúng."
    READ_FROM_DATE_TEXT = _N, "Ô «{label}» là ngày gõ dạng văn bản, đã đọc là {read}. Không cần sửa nếu đúng."
    LOCKED_CELL_CHANGED = (
        _W,
        "Nội dung in sẵn đã bị sửa; chương trình dùng nội dung đã phát hành. Lần sau giữ nguyên các ô in sẵn.",
    )
    CLAIM_DIFFERS = (
        _W,
        "Điểm tự chấm {claimed} khác điểm tính từ số liệu là {computed}; chương trình dùng điểm tính. Đối chiếu tài liệu kiểm chứng.",
    )
    TOTAL_CHANGED = _W, "Ô tổng điểm đã bị sửa tay; chương trình tự tính tổng. Lần sau không sửa ô tổng."
    OLDER_FORM = (
        _N,
        "Phiếu phát hành theo bản cũ của kế hoạch; các dòng được hỏi không thay đổi nên vẫn tính. Không cần làm gì.",
    )

    # Returned files
    NEWER_RETURN_INVALID = (
        _W,
        "Bản gửi sau chưa hợp lệ nên bản này vẫn được tính. Sửa bản gửi sau và gửi lại nếu muốn thay.",
    )
    RECEIPT_UNPROVEN = _W, "Chưa có căn cứ về ngày nhận. Ghi ngày nhận vào sheet «Tiếp nhận» của co-quan.xlsx."
    LATE = _W, "Phiếu nhận ngày {received}, sau thời hạn {deadline}. Hội đồng xem xét."
    LATE_REJECTED = (
        _W,
        "Phiếu nhận ngày {received}, sau thời hạn {deadline}; kế hoạch không xét phiếu nộp muộn. Ghi quyết định vào «Tiếp nhận» nếu được chấp nhận.",
    )
    NOT_A_WORKBOOK = _E, "Không đọc được tệp: {detail}. Yêu cầu đơn vị gửi lại phiếu dạng .xlsx."
    READERS_DISAGREE = (
        _E,
        "Hai cách đọc độc lập cho nội dung khác nhau ở {where}; tệp chưa được tính. Mở bằng Excel, kiểm tra chỗ đó, lưu lại dạng .xlsx và gửi lại.",
    )
    WRONG_PLAN = _W, "Phiếu thuộc kế hoạch hoặc đợt khác ({stamp}). Kiểm tra và chuyển tệp sang đúng thư mục."
    NO_STAMP = (
        _W,
        "Tệp không mang mã phiếu của kế hoạch. Bỏ tệp ra khỏi thư mục, hoặc yêu cầu đơn vị điền vào phiếu đã phát hành.",
    )
    UNKNOWN_UNIT = (
        _W,
        "Mã phiếu ghi đơn vị {named} không có trong kế hoạch. Kiểm tra danh sách đơn vị trong ke-hoach.xlsx.",
    )
    STAMP_CONFLICT = (
        _E,
        "Các sheet mang mã phiếu của nhiều đơn vị hoặc nhiều đợt ({stamps}). Xác nhận đơn vị trong «Tiếp nhận» của co-quan.xlsx, hoặc yêu cầu gửi lại.",
    )
    STAMP_DAMAGED = _E, "Mã phiếu không còn nguyên vẹn ({stamp}). Yêu cầu đơn vị điền vào phiếu đã phát hành."
    OUTDATED_FORM = (
        _E,
        "Phiếu phát hành theo bản cũ của kế hoạch và nội dung hỏi đã thay đổi. Gửi đơn vị phiếu mới để điền lại.",
    )
    ORDER_UNPROVEN = (
        _E,
        "Đơn vị gửi nhiều bản khác nhau mà chưa rõ bản nào sau: {others}. Ghi ngày nhận vào «Tiếp nhận» của co-quan.xlsx.",
    )
    RECEPTION_UNMATCHED = (
        _W,
        "Dòng tiếp nhận không khớp tệp nào trong thư mục nộp. Kiểm tra cột Tệp (ví dụ nop/VHXH.xlsx) hoặc SHA-256.",
    )
    DECLINED = _W, "Cơ quan thường trực không nhận tệp này: {reason}. Không cần làm gì."
    SUPERSEDED = _N, "Đơn vị đã gửi bản sau; tệp này không tính. Không cần làm gì."
    DUPLICATE = _N, "Trùng nội dung với {other}. Không cần làm gì."
    IGNORED = _N, "Tệp tạm, tệp ẩn hoặc thư mục, không phải phiếu. Không cần làm gì."
    EXTRA_SHEET = _N, "Có thêm sheet không thuộc phiếu; chương trình không đọc. Không cần làm gì."
    HIDDEN_ROWS = _N, "Có dòng bị ẩn hoặc bị lọc; chương trình vẫn đọc. Không cần làm gì."

    # Office's own workbooks
    OFFICE_CONTRADICTS = (
        _W,
        "Cơ quan thường trực xác nhận «{office}», khác trả lời của đơn vị; tính theo cơ quan thường trực. Thông báo cho đơn vị.",
    )
    OFFICE_VALUE_INVALID = _E, "Giá trị «{value}» ở ô này không dùng được: {detail}. Sửa lại ô."
    OFFICE_UNKNOWN_CODE = _E, "Mã «{value}» không có trong kế hoạch{suggestion}. Sửa lại mã."
    OFFICE_TWICE = _E, "Dòng này trùng với dòng {row}. Giữ lại một dòng."
    APPRAISAL_WITHOUT_REASON = _W, "Điểm thẩm định khác điểm tính từ số liệu mà chưa ghi lý do. Ghi lý do ở cột Lý do."
    POINTS_MISSING = _W, "Chưa có điểm do cơ quan thường trực chấm: {rows}. Nhập vào «Điểm thẩm định» của co-quan.xlsx."
    NOMINATED_BY_TWO_UNITS = (
        _W,
        "Người này được đơn vị {other} cùng đề nghị. Chọn một đơn vị trong «Xác nhận» của co-quan.xlsx.",
    )
    REGISTER_ROW_INVALID = _E, "Dòng của sổ khen thưởng không dùng được: {detail}. Sửa lại dòng."

    # The plan
    PLAN_UNREADABLE = _E, "Không đọc được kế hoạch: {detail}. Kiểm tra lại tệp."
    PLAN_TWO_FORMS_DIFFER = (
        _E,
        "Thư mục có cả ke-hoach.toml và ke-hoach.xlsx mà nội dung khác nhau (trước hết ở bảng {table}). Xóa hoặc chuyển đi tệp không dùng.",
    )
    PLAN_UNKNOWN_TABLE = _E, "Không có bảng «{value}» trong ngôn ngữ kế hoạch{suggestion}. Sửa tên hoặc xóa bảng."
    PLAN_UNKNOWN_KEY = _E, "Không có cột «{value}» trong bảng này{suggestion}. Sửa tên hoặc xóa cột."
    PLAN_VALUE_MISSING = _E, "Thiếu giá trị bắt buộc «{key}». Điền giá trị."
    PLAN_VALUE_KIND = _E, "Giá trị «{value}» của «{key}» phải là {holds}. Sửa lại giá trị."
    PLAN_NOT_IN_LIST = (
        _E,
        "Giá trị «{value}» của «{key}» không có trong danh sách{suggestion}. Chọn một trong: {options}.",
    )
    PLAN_UNKNOWN_CODE = (
        _E,
        "Mã «{value}» của «{key}» chưa khai báo ở bảng {table}{suggestion}. Sửa mã, hoặc thêm dòng vào bảng {table}.",
    )
    PLAN_UNKNOWN_FACT = (
        _E,
        "Dữ kiện «{value}» không phải mã câu hỏi, mã chỉ số, đặc điểm hay dữ kiện có sẵn{suggestion}. Sửa lại, hoặc thêm câu hỏi.",
    )
    PLAN_DUPLICATE = _E, "«{value}» trùng với {other}. Đổi một trong hai."
    PLAN_SUM = (
        _E,
        "Tổng các dòng dưới là {total}, khác điểm tối đa {maximum} của «{value}». Sửa điểm tối đa hoặc các dòng dưới.",
    )
    PLAN_TOTAL = (
        _E,
        "Thang điểm của khối «{block}» ở đợt «{round}» có tổng {total}, phải là 100. Sửa điểm tối đa của các dòng.",
    )
    PLAN_SEATS = _E, "Tổng số suất là {total}, khác tổng số {stated} ghi ở đợt xét. Sửa số suất hoặc tổng số."
    PLAN_BLOCK_EMPTY = _E, "Khối «{value}» không có {what}. Thêm dòng, hoặc ghi rõ khối ở bảng tương ứng."
    PLAN_THRESHOLDS = _E, "Tham số của tiêu chí «{value}» không đúng: {detail}. Sửa lại cột Tham số."
    PLAN_DATES = _E, "{detail}. Sửa lại ngày hoặc năm."
    PLAN_NOT_ASKED = (
        _E,
        "Dòng này dùng dữ kiện «{value}» mà không phiếu nào hỏi ở {where}. Thêm nội dung hỏi cho đợt và khối này, hoặc sửa dòng này.",
    )
    PLAN_OPERATOR = (
        _E,
        "Phép so «{value}» không hợp với dữ kiện «{fact}»: {detail}. Chọn phép so khác hoặc sửa giá trị.",
    )
    PLAN_CYCLE = _E, "Tiêu chí «{value}» nằm trong vòng cấp trên – cấp dưới. Sửa mã cấp trên."
    PLAN_INCOMPLETE = _E, "{detail}. Bổ sung vào kế hoạch."
    PLAN_CONTRADICTION = _E, "{detail}. Sửa lại cho thống nhất."
    PLAN_NEVER_USED = _W, "Câu hỏi «{value}» không được điều kiện hay số lượng nào dùng. Xóa câu hỏi nếu không cần."

    def __init__(self, severity: Severity, sentence: str) -> None:
        self.severity = severity
        self.sentence = sentence

    # Two codes may share severity and sentence without being aliases: identity is the name.
    def __new__(cls, severity: Severity, sentence: str) -> Code:
        member = object.__new__(cls)
        member._value_ = f"{severity.value}:{sentence}"
        return member


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, warning or note at its place; ``details`` and ``value`` fill the sentence of its code.

    ``person`` is the row's own address in ``Cá nhân`` when only that person is concerned: (Excel row).
    """

    code: Code
    place: Place = NOWHERE
    unit: str | None = None
    value: str = ""
    details: tuple[tuple[str, str], ...] = ()
    person_row: int | None = None

    @property
    def severity(self) -> Severity:
        return self.code.severity

    @property
    def message(self) -> str:
        return self.code.sentence.format(**{"value": self.value, **dict(self.details)})


def finding(
    code: Code,
    place: Place = NOWHERE,
    *,
    unit: str | None = None,
    value: object = "",
    person_row: int | None = None,
    **details: object,
) -> Finding:
    """A finding with its details as text; a detail the sentence asks for and nobody gave is our bug (KeyError)."""
    made = Finding(
        code, place, unit, str(value), tuple((name, str(text)) for name, text in details.items()), person_row
    )
    made.message  # noqa: B018  (raises here, where the fault is, rather than while printing)
    return made


@dataclass(frozen=True, slots=True)
class FindingLine:
    """The same sentence on several cells of one sheet is one line."""

    code: Code
    unit: str | None
    file: str
    sheet: str
    cells: tuple[str, ...]
    value: str
    message: str


def _cell_order(cell: str) -> tuple[str, int, str]:
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :]
    return (f"{len(letters):03d}{letters}", int(digits) if digits else 0, cell)


def lines(findings: Iterable[Finding]) -> tuple[FindingLine, ...]:
    """Findings grouped to lines, sorted by code, unit, file, sheet and cells."""
    grouped: dict[tuple[str, str, str, str, str, str], tuple[Finding, set[str]]] = {}
    for item in findings:
        key = (item.code.name, item.unit or "", item.place.file, item.place.sheet, item.value, item.message)
        grouped.setdefault(key, (item, set()))[1].add(item.place.cell)
    made = (
        FindingLine(
            first.code,
            first.unit,
            first.place.file,
            first.place.sheet,
            tuple(sorted((cell for cell in cells if cell), key=_cell_order)),
            first.value,
            first.message,
        )
        for first, cells in grouped.values()
    )
    return tuple(
        sorted(
            made,
            key=lambda line: (
                line.code.name,
                line.unit or "",
                line.file,
                line.sheet,
                [_cell_order(cell) for cell in line.cells],
                line.value,
                line.message,
            ),
        )
    )
