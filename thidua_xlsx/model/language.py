"""The plan language: which tables a plan has, which keys each holds, and how staff read them.

Both forms of a plan (TOML text and workbook), the linter's type checks, the workbook's headings, notes,
drop-downs and guide sheet all come from ``TABLES``. A new plan is rows; a new key is one line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Holds(Enum):
    """What one cell of a plan may hold; lists are written ``a; b`` in both forms."""

    TEXT = "văn bản"
    CODE = "mã"
    CODES = "danh sách mã, cách nhau bằng dấu chấm phẩy"
    INTEGER = "số nguyên"
    NUMBER = "số"
    DATE = "ngày"
    FLAG = "Có hoặc Không"
    CHOICE = "một giá trị trong danh sách"
    CHOICES = "một hoặc nhiều giá trị trong danh sách"
    PARAMETERS = "tham số dạng «tên = giá trị; …»"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: its name in text, its heading for staff, what it holds, what it means.

    ``options`` pairs each closed value with its meaning; ``refers`` names the table whose codes it lists ("scale": the scales of table ``level``).
    """

    name: str
    heading: str
    holds: Holds
    note: str
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    refers: str | None = None

    @property
    def field(self) -> str:
        """The attribute that carries this key (``from`` is a Python keyword)."""
        return "from_" if self.name == "from" else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a plan: its name in text, its sheet, its keys in canonical order, its purpose."""

    name: str
    sheet: str
    note: str
    keys: tuple[Key, ...]

    def key(self, name: str) -> Key | None:
        return next((key for key in self.keys if key.name == name), None)


SUBJECTS = (("collective", "tập thể"), ("individual", "cá nhân"))
DOSSIER_SUBJECTS = (*SUBJECTS, ("both", "hồ sơ chung của tập thể và cá nhân"))
ANSWERERS = (
    ("unit", "đơn vị tự trả lời trong phiếu"),
    ("office", "cơ quan thường trực trả lời trong co-quan.xlsx"),
    ("both", "đơn vị tự khai, cơ quan thường trực xác nhận hoặc sửa"),
)
METHODS = (
    ("yes_no", "Có: đủ điểm; Không: 0 điểm"),
    ("levels", "theo mức: «Tên mức = điểm; …»"),
    ("bands", "theo khoảng, «từ» là ≥: «of = ratio; 95 = 3; 85 = 2» (of = ratio: tỷ lệ %; of = count: số lượng)"),
    ("ratio_floor", "tỷ lệ ≥ full: đủ điểm; từ floor đến dưới full: tỷ lệ × điểm / 100; dưới floor: 0. «full = 100; floor = 80»"),
    ("ratio_target", "tỷ lệ ≥ target: đủ điểm; từ floor: tỷ lệ / target × điểm; dưới floor: 0. «target = 80; floor = 50»"),
    ("count", "mỗi lần được each điểm, không quá điểm tối đa. «each = 0.5»"),
    ("penalty", "mỗi trường hợp trừ each điểm, không dưới 0; zeroing = yes: có trường hợp ở Số liệu 2 thì 0 điểm"),
    ("points", "đơn vị tự chấm từ 0 đến điểm tối đa theo bước step. «step = 0.25»"),
    ("survey", "điểm điều tra xã hội học, cơ quan thường trực nhập"),
    ("bonus", "điểm thưởng ngoài thang 100, mỗi việc each điểm, không quá điểm tối đa"),
    ("malus", "điểm trừ ngoài thang 100, mỗi việc each điểm, không quá điểm tối đa"),
)
OPERATORS = (
    ("yes", "trả lời Có"),
    ("no", "trả lời Không"),
    ("at_least", "từ giá trị trở lên (≥)"),
    ("at_most", "không quá giá trị (≤)"),
    ("level_at_least", "xếp loại từ mức trở lên"),
    ("above_last_year_or_at_max", "cao hơn năm trước, hoặc giữ nguyên ở mức tối đa"),
)

_ROUNDS = Key("rounds", "Đợt xét", Holds.CODES, "Mã các đợt xét áp dụng; để trống là mọi đợt.", refers="round")
_BLOCKS = Key("blocks", "Khối", Holds.CODES, "Mã các khối áp dụng; để trống là mọi khối.", refers="block")
_CLAUSE = Key("clause", "Căn cứ", Holds.TEXT, "Mục, khoản, điểm của kế hoạch, ví dụ III.3.a-2 (gạch đầu dòng thứ 2).", True)
_WHO = Key("who_answers", "Ai trả lời", Holds.CHOICE, "Để trống là đơn vị.", options=ANSWERERS)


def _code(note: str) -> Key:
    return Key("code", "Mã", Holds.CODE, note, True)


TABLES: tuple[Table, ...] = (
    Table("plan", "Kế hoạch", "Một dòng: kế hoạch phát động phong trào thi đua.", (
        Key("id", "Mã kế hoạch", Holds.CODE, "Chữ thường không dấu, số và gạch nối.", True),
        Key("title", "Tên kế hoạch", Holds.TEXT, "Tên đầy đủ, in trên bảng tổng hợp.", True),
        Key("authority", "Cơ quan ban hành", Holds.TEXT, "Ví dụ: UBND phường …", True),
        Key("parent_authority", "Cơ quan chủ quản", Holds.TEXT, "Dòng trên của tên cơ quan ở góc trái văn bản."),
        Key("place", "Địa danh", Holds.TEXT, "Địa danh ghi trước ngày tháng.", True),
        Key("standing_body", "Cơ quan thường trực", Holds.TEXT, "Nơi nhận phiếu và tổng hợp.", True),
        Key("year", "Năm", Holds.INTEGER, "Năm của đợt thi đua; in trên phiếu và ghi vào sổ khen thưởng.", True),
        Key("decimals", "Số chữ số thập phân", Holds.INTEGER, "Số chữ số thập phân khi in; để trống là 2."),
        Key("rank_on", "Xếp hạng theo", Holds.CHOICE, "Để trống là exact.", options=(
            ("exact", "chỉ số chưa làm tròn"), ("printed", "chỉ số đã làm tròn như in"))),
        Key("tie_policy", "Khi đồng hạng", Holds.CHOICE, "Chương trình không tự chọn người khi đồng hạng.", options=(
            ("council", "Hội đồng quyết định"),)),
        Key("class_scale", "Thang xếp loại chỉ số", Holds.CODE, "Thang dùng để xếp loại chỉ số CCHC của đơn vị.", refers="scale"),
        Key("survey", "Điều tra xã hội học", Holds.CHOICE, "Để trống là taken.", options=(
            ("taken", "có điều tra"), ("not_taken", "không điều tra: bỏ các dòng điều tra của mọi đơn vị"))),
        Key("note", "Ghi chú", Holds.TEXT, "Ghi chú của cơ quan thường trực."),
    )),
    Table("round", "Đợt xét", "Mỗi dòng một đợt xét khen thưởng.", (
        _code("hang-nam, so-ket, tong-ket hoặc dot-xuat."),
        Key("name", "Tên đợt xét", Holds.TEXT, "Ví dụ: Khen thưởng hằng năm", True),
        Key("kind", "Loại đợt", Holds.CHOICE, "Loại đợt xét.", True, (
            ("annual", "hằng năm"), ("midterm", "sơ kết"), ("final", "tổng kết"), ("ad_hoc", "đột xuất"))),
        Key("from_year", "Từ năm", Holds.INTEGER, "Năm đầu của thời kỳ xét.", True),
        Key("to_year", "Đến năm", Holds.INTEGER, "Năm cuối của thời kỳ xét.", True),
        Key("deadline", "Thời hạn nộp", Holds.DATE, "Ngày ghi trong kế hoạch; để trống là kế hoạch không quy định."),
        Key("inclusive", "Tính cả ngày hạn", Holds.FLAG, "«chậm nhất ngày»: Có; «trước ngày»: Không."),
        Key("forward_deadline", "Thời hạn trình tiếp", Holds.DATE, "Ngày ghi trong kế hoạch để trình cấp trên, tính như thời hạn nộp."),
        Key("late", "Nộp muộn", Holds.CHOICE, "Để trống là flag.", options=(
            ("flag", "vẫn tính, có cảnh báo"), ("reject", "không xét"), ("ignore", "không theo dõi"))),
        Key("decision_date", "Ngày quyết định", Holds.DATE, "Ngày quyết định khen thưởng, để tính tiền thưởng; chưa có thì để trống."),
        Key("rank_source", "Nguồn xếp hạng", Holds.CHOICE, "Để trống là this_return.", options=(
            ("this_return", "điểm của phiếu này"), ("mean_of_years", "trung bình chỉ số các năm của thời kỳ"),
            ("office", "chỉ số do cơ quan thường trực công bố"))),
        Key("total_collectives", "Tổng số tập thể", Holds.INTEGER, "Tổng số ghi trong kế hoạch; để trống là không ghi."),
        Key("total_individuals", "Tổng số cá nhân", Holds.INTEGER, "Tổng số ghi trong kế hoạch; để trống là không ghi."),
        Key("vote_share", "Tỷ lệ phiếu", Holds.NUMBER, "Tỷ lệ % phiếu đồng ý tối thiểu của Hội đồng."),
        Key("vote_of", "Tính tỷ lệ trên", Holds.CHOICE, "Mẫu số của tỷ lệ phiếu.", options=(
            ("members", "tổng số thành viên"), ("present", "số có mặt"), ("valid", "số phiếu hợp lệ"))),
        Key("casting_vote", "Chủ tịch quyết định khi ngang phiếu", Holds.FLAG, "Có hoặc Không."),
        _CLAUSE,
    )),
    Table("block", "Khối", "Các khối thi đua.", (
        _code("Mã khối."), Key("name", "Tên khối", Holds.TEXT, "Tên khối.", True))),
    Table("unit", "Đơn vị", "Các đơn vị nhận phiếu.", (
        _code("Chữ, số và gạch nối, không dấu; in trên phiếu."),
        Key("name", "Tên đơn vị", Holds.TEXT, "Tên đầy đủ.", True),
        Key("block", "Khối", Holds.CODE, "Mã khối của đơn vị.", True, refers="block"),
        _ROUNDS,
        Key("email", "Thư điện tử", Holds.TEXT, "Địa chỉ nhận phiếu."),
        Key("contact", "Người liên hệ", Holds.TEXT, "Họ tên, điện thoại."),
        Key("head", "Người đứng đầu", Holds.TEXT, "Họ tên, chức vụ."),
        Key("aliases", "Tên gọi khác", Holds.CODES, "Các cách gọi khác, chỉ dùng để gợi ý."),
        Key("traits", "Đặc điểm", Holds.CODES, "Đặc điểm mà điều kiện có thể hỏi, ví dụ duoc-giao-linh-vuc."),
        Key("last_rank", "Hạng năm trước", Holds.INTEGER, "Hạng trong khối năm trước."),
        Key("last_points", "Điểm năm trước", Holds.NUMBER, "Điểm năm trước."),
        Key("last_index", "Chỉ số năm trước", Holds.NUMBER, "Chỉ số (%) năm trước."),
        Key("not_applicable", "Tiêu chí không áp dụng", Holds.CODES, "Mã tiêu chí không áp dụng với đơn vị.", refers="criterion"),
        Key("dissolved_on", "Ngày giải thể", Holds.DATE, "Đơn vị thôi tồn tại từ ngày này thì không đề nghị khen."),
    )),
    Table("level", "Thang xếp loại", "Các thang xếp loại; mỗi dòng một mức.", (
        Key("scale", "Thang", Holds.CODE, "Mã thang.", True),
        _code("Mã mức, không trùng trong thang."),
        Key("label", "Tên mức", Holds.TEXT, "Tên mức như in trên phiếu.", True),
        Key("order", "Thứ tự", Holds.INTEGER, "Mức cao hơn có số lớn hơn.", True),
        Key("from", "Từ (%)", Holds.NUMBER, "Ngưỡng dưới của mức trên chỉ số; để trống nếu thang không tính theo chỉ số."),
    )),
    Table("criterion", "Tiêu chí", "Thang điểm: lĩnh vực, tiêu chí, tiêu chí thành phần.", (
        _code("Mã là văn bản: 1.10 khác 1.1. Khối khác nhau được dùng lại mã; trong một khối và một đợt thì mã không trùng."),
        Key("parent", "Mã cấp trên", Holds.CODE, "Để trống là lĩnh vực.", refers="criterion"),
        Key("name", "Tên tiêu chí", Holds.TEXT, "Tên tiêu chí.", True),
        Key("max", "Điểm tối đa", Holds.NUMBER, "Điểm tối đa; của cấp trên bằng tổng các dòng dưới.", True),
        Key("method", "Cách tính", Holds.CHOICE, "Chỉ ghi ở dòng chấm điểm (không có dòng con).", options=METHODS),
        Key("parameters", "Tham số", Holds.PARAMETERS, "Tham số của cách tính."),
        _BLOCKS, _ROUNDS,
        Key("zero_denominator", "Khi không phát sinh", Holds.CHOICE, "Khi mẫu số bằng 0; để trống là forbid.", options=(
            ("full", "đủ điểm"), ("exclude", "bỏ dòng khỏi thang điểm"), ("forbid", "không được phép"))),
        Key("evidence", "Tài liệu kiểm chứng", Holds.TEXT, "Tài liệu cần có."),
        _WHO,
    )),
    Table("index", "Chỉ số", "Các chỉ số thành phần và chỉ số chung, so với năm trước.", (
        _code("Mã chỉ số."),
        Key("name", "Tên chỉ số", Holds.TEXT, "Tên chỉ số.", True),
        Key("max", "Điểm tối đa", Holds.NUMBER, "Điểm tối đa năm nay.", True),
        Key("units", "Đơn vị phụ trách", Holds.CODES, "Mã đơn vị được giao; dấu * là chỉ số chung, mọi đơn vị."),
        Key("last_value", "Năm trước", Holds.NUMBER, "Điểm năm trước; để trống là chưa có."),
        Key("last_max", "Điểm tối đa năm trước", Holds.NUMBER, "Để trống là như năm nay."),
        _ROUNDS, _WHO,
    )),
    Table("task", "Nhiệm vụ", "Nhiệm vụ CCHC được giao.", (
        _code("Mã nhiệm vụ."),
        Key("name", "Nhiệm vụ", Holds.TEXT, "Nội dung nhiệm vụ.", True),
        Key("due", "Thời hạn", Holds.DATE, "Thời hạn hoàn thành."),
        Key("units", "Đơn vị thực hiện", Holds.CODES, "Để trống là mọi đơn vị.", refers="unit"),
        _ROUNDS,
    )),
    Table("question", "Câu hỏi", "Những điều phiếu hỏi để xét điều kiện.", (
        _code("Mã câu hỏi; điều kiện gọi câu hỏi bằng mã này."),
        Key("label", "Câu hỏi", Holds.TEXT, "Câu chữ in trên phiếu.", True),
        Key("subject", "Đối tượng", Holds.CHOICE, "Hỏi về tập thể hay từng cá nhân.", True, SUBJECTS),
        Key("type", "Kiểu trả lời", Holds.CHOICE, "Kiểu trả lời.", True, (
            ("yes_no", "Có hoặc Không"), ("number", "số"), ("integer", "số nguyên"), ("percent", "phần trăm, 0–100"),
            ("date", "ngày"), ("text", "văn bản"), ("level", "mức của một thang xếp loại"), ("index", "một chỉ số"))),
        Key("required", "Bắt buộc", Holds.FLAG, "Có: để trống là phiếu chưa hợp lệ. Không: để trống là chưa rõ."),
        Key("scale", "Thang", Holds.CODE, "Thang xếp loại của câu hỏi kiểu level.", refers="scale"),
        Key("min", "Nhỏ nhất", Holds.NUMBER, "Giá trị nhỏ nhất."),
        Key("max", "Lớn nhất", Holds.NUMBER, "Giá trị lớn nhất."),
        _ROUNDS, _BLOCKS, _WHO,
    )),
    Table("dossier", "Hồ sơ", "Thành phần hồ sơ đề nghị.", (
        _code("Mã văn bản."),
        Key("subject", "Đối tượng", Holds.CHOICE, "Hồ sơ của ai.", True, DOSSIER_SUBJECTS),
        Key("stage", "Bước", Holds.CHOICE, "Ai lập.", True, (
            ("unit", "đơn vị gửi cơ quan thường trực"), ("council", "cơ quan thường trực trình Hội đồng"))),
        Key("name", "Tên văn bản", Holds.TEXT, "Tên văn bản.", True),
        Key("decree", "Nghị định", Holds.TEXT, "Nghị định quy định mẫu."),
        Key("form", "Mẫu", Holds.TEXT, "Số mẫu, hai chữ số: 01, 08."),
        Key("sets", "Số bộ", Holds.INTEGER, "Số bộ bản chính; để trống là kế hoạch không ghi."),
        Key("any_of", "Nhóm thay thế", Holds.CODE, "Các văn bản cùng nhóm: có một là đủ."),
        _ROUNDS, _CLAUSE,
    )),
    Table("gate", "Điều kiện", "Tiêu chuẩn, điều kiện khen thưởng.", (
        _code("Mã điều kiện, không trùng trong một đợt và một đối tượng."),
        _ROUNDS,
        Key("subject", "Đối tượng", Holds.CHOICE, "Xét tập thể hay cá nhân.", True, SUBJECTS),
        _BLOCKS,
        Key("fact", "Dữ kiện", Holds.TEXT, "Mã câu hỏi, mã chỉ số, đặc điểm, hoặc dữ kiện có sẵn (xem Hướng dẫn).", True),
        Key("operator", "Phép so", Holds.CHOICE, "Phép so.", True, OPERATORS),
        Key("value", "Giá trị", Holds.TEXT, "Giá trị so sánh: số, hoặc mã mức xếp loại."),
        Key("compare", "So theo", Holds.CHOICE, "Với above_last_year_or_at_max.", options=(
            ("percent", "tỷ lệ % so với điểm tối đa"), ("points", "điểm"))),
        Key("scope", "Phạm vi", Holds.CHOICE, "Với dữ kiện indices.", options=(
            ("all", "mọi chỉ số được giao"), ("any", "ít nhất một chỉ số được giao"), ("asked", "chỉ số người được đề nghị phụ trách, theo phiếu"))),
        Key("award", "Hình thức khen", Holds.TEXT, "Với dữ kiện prior_awards: tên hình thức cần đếm."),
        Key("from_year", "Từ năm", Holds.INTEGER, "Với dữ kiện prior_awards."),
        Key("to_year", "Đến năm", Holds.INTEGER, "Với dữ kiện prior_awards."),
        Key("any_of", "Nhóm thay thế", Holds.CODE, "Các điều kiện cùng nhóm: đạt một là đủ."),
        Key("when", "Chỉ xét khi", Holds.TEXT, "Dữ kiện Có/Không; trả lời Không thì bỏ qua điều kiện."),
        _CLAUSE,
        Key("reason", "Lý do", Holds.TEXT, "Câu nêu tiêu chuẩn, in khi không đạt.", True),
    )),
    Table("quota", "Số lượng", "Số lượng khen thưởng, xét từ trên xuống.", (
        _code("Mã dòng số lượng."),
        _ROUNDS,
        Key("subject", "Đối tượng", Holds.CHOICE, "Tập thể hay cá nhân.", True, SUBJECTS),
        _BLOCKS,
        Key("award", "Hình thức khen", Holds.TEXT, "Tên hình thức khen thưởng, như bảng Mức thưởng.", True),
        Key("seats", "Số suất", Holds.INTEGER, "Để trống chỉ khi binding = open."),
        Key("binding", "Ràng buộc", Holds.CHOICE, "Cách hiểu số lượng.", True, (
            ("exactly", "đúng số ghi; thiếu thì nêu rõ"), ("at_most", "tối đa"), ("open", "không giới hạn: đề nghị tất cả người đủ tiêu chuẩn"))),
        Key("order_by", "Thứ tự xét", Holds.CODES, "Các dữ kiện, quan trọng nhất trước; để trống là thứ tự mặc định do cơ quan ấn định."),
        Key("within_fact", "Chỉ xét người có", Holds.TEXT, "Dữ kiện giới hạn người được xét ở dòng này."),
        Key("within_operator", "Phép so", Holds.CHOICE, "Phép so của giới hạn.", options=OPERATORS),
        Key("within_value", "Giá trị", Holds.TEXT, "Giá trị của giới hạn."),
        Key("per_unit", "Tối đa mỗi đơn vị", Holds.INTEGER, "Số người tối đa của một đơn vị; để trống là không giới hạn."),
        _CLAUSE,
    )),
    Table("award", "Mức thưởng", "Hệ số tiền thưởng theo hình thức, đối tượng và ngày hiệu lực.", (
        Key("award", "Hình thức khen", Holds.TEXT, "Tên hình thức khen thưởng.", True),
        Key("subject", "Đối tượng", Holds.CHOICE, "Tập thể hay cá nhân.", True, SUBJECTS),
        Key("coefficient", "Hệ số", Holds.NUMBER, "Hệ số nhân lương cơ sở.", True),
        Key("from", "Từ ngày", Holds.DATE, "Ngày hiệu lực.", True),
        Key("decree", "Căn cứ", Holds.TEXT, "Văn bản quy định.", True),
    )),
    Table("base_salary", "Lương cơ sở", "Mức lương cơ sở theo ngày hiệu lực.", (
        Key("amount", "Đồng/tháng", Holds.INTEGER, "Số đồng.", True),
        Key("from", "Từ ngày", Holds.DATE, "Ngày hiệu lực.", True),
        Key("decree", "Căn cứ", Holds.TEXT, "Văn bản quy định.", True),
    )),
    Table("note", "Ghi chú", "Những câu mà bảng tổng hợp phải nêu.", (
        _code("Mã ghi chú."), _ROUNDS,
        Key("text", "Nội dung", Holds.TEXT, "Câu in ở bảng tổng hợp.", True),
        _CLAUSE,
    )),
)

BY_NAME = {table.name: table for table in TABLES}
BY_SHEET = {table.sheet: table for table in TABLES}

# Facts that a gate, an order or a quota's limit may name besides codes of questions, indices and traits.
# name -> (type of value, meaning)
FACTS: dict[str, tuple[str, str]] = {
    "indices": ("indices", "các chỉ số thành phần được giao cho đơn vị (không gồm chỉ số chung)"),
    "has_index": ("yes_no", "đơn vị được giao ít nhất một chỉ số thành phần"),
    "tasks_completed": ("percent", "tỷ lệ nhiệm vụ hoàn thành, %"),
    "tasks_on_time": ("percent", "tỷ lệ nhiệm vụ hoàn thành đúng hoặc trước hạn, %"),
    "points": ("number", "tổng điểm"),
    "index": ("percent", "chỉ số: điểm đạt / điểm áp dụng × 100"),
    "class": ("level", "xếp loại theo chỉ số"),
    "rank": ("rank", "thứ hạng chung"),
    "rank_in_block": ("rank", "thứ hạng trong khối"),
    "rank_gain": ("number", "số bậc tăng so với hạng trong khối năm trước"),
    "prior_awards": ("count", "số lần đã được tặng hình thức khen, tính theo năm thành tích"),
    "prior_awards_by_decision": ("count", "số lần đã được tặng hình thức khen, tính theo ngày quyết định"),
    "dossier_complete": ("yes_no", "hồ sơ đủ thành phần"),
    "on_time": ("yes_no", "phiếu nộp trong thời hạn"),
    "dissolved": ("yes_no", "đơn vị đã giải thể trước ngày quyết định khen thưởng"),
    "priority": ("rank", "thứ tự ưu tiên của người được đề nghị trong đơn vị (chỉ cá nhân)"),
}
UNIT_PREFIX = "unit."
DEFAULT_ORDER = {"collective": ("index",), "individual": ("priority", "unit.index")}
