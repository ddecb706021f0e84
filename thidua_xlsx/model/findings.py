"""The catalogue of findings: one code, one severity, a short name, and a Vietnamese sentence that ends with what to do.

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
    """Every finding there is: severity, short name, and sentence (a format string over its details).

    The first sentence says what was found, the rest what to do next.
    """

    # Answers in a unit's form; what leaves open which cell is meant comes before what that cell says
    SHEET_TWICE = _E, "Hai sheet ghi khác nhau", "Sheet «{other}» là bản thứ hai của sheet này và ghi khác ở ô «{label}». Ghi câu trả lời đúng vào một sheet và xóa sheet kia."
    COLUMN_TWICE = _E, "Hai cột ghi khác nhau", "Cột «{label}» có hai lần và ô {other} ghi khác ô này. Ghi câu trả lời đúng vào một cột và xóa cột kia."
    MISSING_ANSWER = _E, "Chưa trả lời", "Chưa trả lời ô «{label}». Điền câu trả lời rồi gửi lại phiếu."
    NOT_A_NUMBER = _E, "Không phải số", "Ô «{label}» phải là số. Gõ lại bằng chữ số, ví dụ 8,5."
    AMBIGUOUS_NUMBER = _E, "Số có nhiều cách đọc", "Số ở ô «{label}» đọc được theo nhiều cách. Gõ lại không có dấu chấm ngăn cách hàng nghìn và không có dấu %."
    NOT_IN_LIST = _E, "Ngoài danh sách", "Câu trả lời ở ô «{label}» không có trong danh sách{suggestion}. Chọn lại một trong: {options}."
    NOT_A_DATE = _E, "Không phải ngày", "Ô «{label}» phải là ngày. Gõ lại theo dạng ngày/tháng/năm, ví dụ 05/12/2025."
    DATE_OUT_OF_RANGE = _E, "Ngày ngoài khoảng", "Ngày ở ô «{label}» nằm ngoài khoảng {low} đến {high}. Kiểm tra và sửa lại ngày."
    NUMERATOR_ABOVE_DENOMINATOR = _E, "Phần lớn hơn tổng", "Số liệu 1 lớn hơn Số liệu 2 ở tiêu chí {row}. Kiểm tra lại hai số; Số liệu 1 là phần, Số liệu 2 là tổng."
    ZERO_DENOMINATOR = _E, "Tổng số bằng 0", "Số liệu 2 bằng 0 ở tiêu chí {row}, kế hoạch không cho phép. Ghi lại tổng số, hoặc báo cơ quan thường trực nếu không phát sinh."
    ABOVE_MAXIMUM = _E, "Lớn hơn mức tối đa", "Ô «{label}» lớn hơn mức tối đa {maximum}. Sửa lại cho không quá {maximum}."
    BELOW_MINIMUM = _E, "Nhỏ hơn mức tối thiểu", "Ô «{label}» nhỏ hơn mức tối thiểu {minimum}. Sửa lại cho không dưới {minimum}."
    NOT_IN_STEPS = _E, "Điểm không theo bước", "Điểm ở ô «{label}» không theo bước {step}. Chấm lại theo bước {step} điểm."
    NOT_WHOLE = _E, "Không phải số nguyên", "Ô «{label}» phải là số nguyên, không có phần lẻ; số đếm thì không âm. Gõ lại."
    FORMULA_IN_ANSWER = _E, "Công thức trong ô trả lời", "Ô «{label}» chứa công thức. Gõ kết quả vào ô thay cho công thức."
    ERROR_CELL = _E, "Ô báo lỗi", "Ô «{label}» đang báo lỗi. Xóa ô và gõ lại câu trả lời."
    RICH_TEXT = _E, "Chữ nâng hoặc hạ dòng", "Ô «{label}» có chữ viết nâng hoặc hạ dòng nên không đọc chắc được. Xóa ô và gõ lại."
    LEGACY_ENCODING = _E, "Phông chữ cũ", "Ô «{label}» gõ bằng phông chữ cũ (TCVN3 hoặc VNI). Gõ lại bằng phông Unicode, ví dụ Times New Roman."
    TOO_LONG = _E, "Nội dung quá dài", "Nội dung ô «{label}» quá dài (quá {limit} ký tự). Rút gọn nội dung."
    SAME_PERSON_TWICE = _E, "Một người ghi hai lần", "Người này đã có ở dòng {row}. Xóa một trong hai dòng."
    SAME_ORDER_TWICE = _E, "Trùng thứ tự", "Thứ tự {order} đã dùng ở dòng {row}. Ghi cho mỗi người một thứ tự riêng."
    COMPLETED_WITHOUT_DATE = _E, "Thiếu ngày hoàn thành", "Nhiệm vụ {row} hoàn thành nhưng chưa ghi ngày hoàn thành. Ghi ngày hoàn thành."
    SHEET_MISSING = _E, "Thiếu sheet", "Phiếu thiếu sheet «{sheet}». Lấy lại phiếu đã phát hành, điền đủ các sheet và gửi lại."
    HEADER_MISSING = _E, "Thiếu cột", "Không thấy cột «{label}» trong sheet. Lấy lại phiếu đã phát hành, giữ nguyên dòng tiêu đề và gửi lại."
    ROW_MISSING = _E, "Thiếu dòng", "Không thấy dòng mã {row} trong sheet. Lấy lại phiếu đã phát hành, giữ nguyên cột mã và gửi lại."
    ROW_TWICE = _E, "Trùng mã dòng", "Mã {row} có ở hai dòng. Xóa dòng thừa."
    ROW_UNSURE = _E, "Không rõ dòng nào", "Không rõ dòng này là mã nào: ô mã {typed}, có thể là mã {others}. Chép câu trả lời sang đúng dòng của phiếu đã phát hành, không sửa cột mã."
    ROW_UNKNOWN = _W, "Dòng ngoài phiếu", "Dòng này có câu trả lời nhưng ô mã {typed}, không phải mã của phiếu; chương trình không đọc. Chuyển câu trả lời vào dòng của phiếu nếu cần tính."
    CODE_REPAIRED = _N, "Nhận ra mã dòng", "Ô mã của dòng này {typed}; đã đọc là mã {row} theo nội dung in sẵn và thứ tự các dòng. Không cần sửa nếu đúng."
    READ_FROM_TEXT = _N, "Đọc từ văn bản", "Ô «{label}» là văn bản, đã đọc là {read}. Không cần sửa nếu đúng."
    READ_FROM_TICK = _N, "Đọc từ dấu đánh", "Ô «{label}» đánh dấu, đã đọc là {read}. Không cần sửa nếu đúng."
    READ_FROM_DATE_TEXT = _N, "Đọc ngày từ văn bản", "Ô «{label}» là ngày gõ dạng văn bản, đã đọc là {read}. Không cần sửa nếu đúng."
    LOCKED_CELL_CHANGED = _W, "Sửa ô in sẵn", "Nội dung in sẵn đã bị sửa; chương trình dùng nội dung đã phát hành. Lần sau giữ nguyên các ô in sẵn."
    CLAIM_DIFFERS = _W, "Tự chấm khác số liệu", "Điểm tự chấm {claimed} khác điểm tính từ số liệu là {computed}; chương trình dùng điểm tính. Đối chiếu tài liệu kiểm chứng."
    TOTAL_CHANGED = _W, "Sửa ô tổng", "Ô tổng điểm đã bị sửa tay; chương trình tự tính tổng. Lần sau không sửa ô tổng."
    OLDER_FORM = _N, "Phiếu bản cũ, vẫn tính", "Phiếu phát hành theo bản cũ của kế hoạch; các dòng được hỏi không thay đổi nên vẫn tính. Không cần làm gì."

    # Returned files
    NEWER_RETURN_INVALID = _W, "Bản sau chưa hợp lệ", "Bản gửi sau chưa hợp lệ nên bản này vẫn được tính. Sửa bản gửi sau và gửi lại nếu muốn thay."
    RECEIPT_UNPROVEN = _W, "Chưa rõ ngày nhận", "Chưa có căn cứ về ngày nhận. Ghi ngày nhận vào sheet «Tiếp nhận» của co-quan.xlsx."
    LATE = _W, "Nộp muộn", "Phiếu nhận ngày {received}, sau thời hạn {deadline}. Hội đồng xem xét."
    LATE_REJECTED = _W, "Nộp muộn, không xét", "Phiếu nhận ngày {received}, sau thời hạn {deadline}; kế hoạch không xét phiếu nộp muộn. Ghi quyết định vào «Tiếp nhận» nếu được chấp nhận."
    NOT_A_WORKBOOK = _E, "Không đọc được tệp", "Không đọc được tệp: {detail}. {remedy}"
    READERS_DISAGREE = _E, "Hai cách đọc khác nhau", "Hai cách đọc độc lập cho nội dung khác nhau ở {where}; tệp chưa được tính. Mở bằng Excel, kiểm tra chỗ đó, lưu lại dạng .xlsx và gửi lại."
    WRONG_PLAN = _W, "Thuộc kế hoạch, đợt khác", "Phiếu thuộc kế hoạch hoặc đợt khác ({stamp}). Kiểm tra và chuyển tệp sang đúng thư mục."
    NO_STAMP = _W, "Không có mã phiếu", "Tệp không mang mã phiếu của kế hoạch. Bỏ tệp ra khỏi thư mục, hoặc yêu cầu đơn vị điền vào phiếu đã phát hành."
    UNKNOWN_UNIT = _W, "Đơn vị lạ", "Mã phiếu ghi đơn vị {named} không có trong kế hoạch. Kiểm tra danh sách đơn vị trong ke-hoach.xlsx."
    STAMP_CONFLICT = _E, "Nhiều mã phiếu", "Các sheet mang mã phiếu của nhiều đơn vị hoặc nhiều đợt ({stamps}). Xác nhận đơn vị trong «Tiếp nhận» của co-quan.xlsx, hoặc yêu cầu gửi lại."
    OTHER_UNIT_NAMED = _W, "Có tên đơn vị khác", "Mã phiếu là của {unit_name} nhưng {where} ghi {other}; tính cho {unit_name}. Hỏi lại xem có phải {other} điền nhầm phiếu không."
    STAMP_DAMAGED = _E, "Mã phiếu bị hỏng", "Mã phiếu không còn nguyên vẹn ({stamp}). Yêu cầu đơn vị điền vào phiếu đã phát hành."
    OUTDATED_FORM = _E, "Phiếu bản cũ, không tính", "Phiếu phát hành theo bản cũ của kế hoạch và nội dung hỏi đã thay đổi. Gửi đơn vị phiếu mới để điền lại."
    ORDER_UNPROVEN = _E, "Chưa rõ bản nào sau", "Đơn vị gửi nhiều bản khác nhau mà chưa rõ bản nào sau: {others}. Ghi ngày nhận vào «Tiếp nhận» của co-quan.xlsx."
    RECEPTION_UNMATCHED = _W, "Dòng tiếp nhận không khớp", "Dòng tiếp nhận không khớp tệp nào trong thư mục nộp. Kiểm tra cột Tệp (ví dụ nop/VHXH.xlsx) hoặc SHA-256."
    DECLINED = _W, "Cơ quan không nhận", "Cơ quan thường trực không nhận tệp này: {reason}. Không cần làm gì."
    SUPERSEDED = _N, "Đã có bản sau", "Đơn vị đã gửi bản sau; tệp này không tính. Không cần làm gì."
    DUPLICATE = _N, "Trùng nội dung", "Trùng nội dung với {other}. Không cần làm gì."
    IGNORED = _N, "Không phải phiếu", "Tệp tạm, tệp ẩn hoặc thư mục, không phải phiếu. Không cần làm gì."
    BUNDLE = _N, "Thư hoặc tệp nén", "{what} có {count} tệp bên trong, mỗi tệp tính riêng{dated}. Không cần làm gì."
    BUNDLE_WITHOUT_RETURN = _W, "Không có phiếu kèm theo", "{what} không có phiếu nào bên trong ({count} tệp khác){dated}. Mở ra xem đơn vị gửi gì; nếu là bản nộp thì yêu cầu gửi lại phiếu dạng .xlsx."
    ASIDE = _N, "Tệp kèm theo", "Tệp kèm theo, không phải phiếu ({what}). Không cần làm gì."
    BLANK_RETURN = _N, "Phiếu trắng", "Phiếu chưa điền gì, đơn vị đã gửi bản khác có trả lời; tệp này không tính. Không cần làm gì."
    EXTRA_SHEET = _N, "Thừa sheet", "Có thêm sheet không thuộc phiếu; chương trình không đọc. Không cần làm gì."
    OUTSIDE_TABLE = _N, "Ghi ngoài bảng", "Có nội dung ghi ngoài bảng; chương trình không đọc. Chuyển vào cột giải trình hoặc ghi chú nếu cần."
    HIDDEN_ROWS = _N, "Có dòng ẩn", "Có dòng bị ẩn hoặc bị lọc; chương trình vẫn đọc. Không cần làm gì."

    # What the reader noticed in a file that it could read
    ONE_READER = _N, "Chỉ đọc được một cách", "Cách đọc thứ hai không đọc được hết tệp nên chưa đối chiếu được. Mở tệp bằng Excel và xem lại câu trả lời của đơn vị."
    TEXT_CUT = _N, "Ô quá dài bị cắt", "Có ô dài hơn mức Excel giữ được; chương trình chỉ đọc phần đầu. Mở tệp và xem ô đó nếu cần."
    CONTROL_CHARACTERS = _N, "Ký tự không hiển thị", "Có ô chứa ký tự không hiển thị được; chương trình đã bỏ các ký tự đó. Xem lại họ tên và mã trong phiếu."
    OUTSIDE_LINKS = _N, "Liên kết ra ngoài", "Tệp có liên kết đến tệp hoặc nguồn dữ liệu khác; chương trình không đọc. Khi mở bằng Excel không chọn cập nhật liên kết."
    ACTIVE_CONTENT = _N, "Có đối tượng nhúng", "Tệp có đối tượng nhúng hoặc nút điều khiển; chương trình không đọc. Khi mở bằng Excel không bấm vào các đối tượng đó."
    SIGNED = _N, "Có chữ ký số", "Tệp có chữ ký số; chương trình không kiểm tra chữ ký. Kiểm tra bằng Excel nếu cần."
    OTHER_SHEET_KIND = _N, "Sheet không có ô", "Tệp có sheet biểu đồ hoặc hộp thoại; chương trình không đọc. Không cần làm gì."

    # Office's own workbooks
    OFFICE_CONTRADICTS = _W, "Xác nhận khác đơn vị", "Cơ quan thường trực xác nhận «{office}»{why}, khác trả lời của đơn vị; tính theo cơ quan thường trực. Thông báo cho đơn vị."
    OFFICE_OTHER_PERSON = _W, "Xác nhận cho người khác", "Dòng này trả lời về «{value}», nhưng ở thứ tự ấy phiếu của đơn vị nay ghi «{now}»: câu trả lời không được tính cho ai. Xóa ô Trả lời, chạy lại, rồi trả lời ở dòng mang tên đúng người."
    OFFICE_VALUE_INVALID = _E, "Giá trị không dùng được", "Giá trị «{value}» ở ô này không dùng được: {detail}. Sửa lại ô."
    OFFICE_UNKNOWN_CODE = _E, "Mã lạ", "Mã «{value}» không có trong kế hoạch{suggestion}. Sửa lại mã."
    OFFICE_TWICE = _E, "Trùng dòng", "Dòng này trùng với dòng {row}. Giữ lại một dòng."
    APPRAISAL_WITHOUT_REASON = _W, "Thẩm định thiếu lý do", "Điểm thẩm định khác điểm tính từ số liệu mà chưa ghi lý do. Ghi lý do ở cột Lý do."
    POINTS_MISSING = _W, "Chưa chấm điểm", "Chưa có điểm do cơ quan thường trực chấm: {rows}. Nhập vào «Điểm thẩm định» của co-quan.xlsx."
    NOMINATED_BY_TWO_UNITS = _W, "Hai đơn vị cùng đề nghị", "Người này được đơn vị {other} cùng đề nghị. Chọn một đơn vị trong «Xác nhận» của co-quan.xlsx."
    REGISTER_ROW_INVALID = _E, "Dòng sổ không dùng được", "Dòng của sổ khen thưởng không dùng được: {detail}. Sửa lại dòng."

    # What the council wrote into tong-hop.xlsx
    COUNCIL_UNREADABLE = _E, "Không đọc được bảng", "Không đọc được bảng tổng hợp đã ghi: {detail}. Mở bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi chạy lại thidua finalize."
    COUNCIL_OTHER_RUN = _E, "Bảng của lần khác", "Bảng tổng hợp này {detail}. Ghi kết quả họp vào {where}, rồi chạy lại thidua finalize."
    COUNCIL_SHEET_MISSING = _E, "Thiếu phần Hội đồng ghi", "Tệp không có sheet «{sheet}» với đủ các cột Hội đồng ghi ({label}). Ghi vào đúng tong-hop.xlsx của lần tổng hợp, giữ nguyên tên sheet và dòng tiêu đề."
    COUNCIL_NOTHING = _E, "Hội đồng chưa ghi", "Chưa có quyết định nào của Hội đồng ở cột «{label}». Ghi kết quả họp, lưu tệp, rồi chạy lại; ghi ở tệp khác thì thêm --summary TỆP."
    SUMMARY_SHEET_MISSING = _E, "Thiếu sheet", "Sheet «{sheet}» của bảng tổng hợp đã bị xóa hoặc đổi tên. Trả lại sheet, hoặc chép phần Hội đồng ghi sang tong-hop.xlsx chưa sửa."
    SUMMARY_CELL_CHANGED = _E, "Sửa ô đã lập", "Ô này đã sửa từ «{read}» thành «{value}», không phải ô của Hội đồng. Trả lại nội dung cũ; nếu số liệu sai thì sửa ở phiếu hoặc co-quan.xlsx, chạy lại thidua run rồi trình bảng mới."
    SUMMARY_ROW_DELETED = _E, "Xóa dòng đã lập", "Dòng «{value}» của bảng tổng hợp không còn. Chép lại dòng từ tong-hop.xlsx đã lập, hoặc chép phần Hội đồng ghi sang tệp chưa sửa."
    SUMMARY_ROW_ADDED = _E, "Thêm dòng", "Dòng «{value}» không có trong bảng tổng hợp đã lập. Xóa dòng này; điều Hội đồng cần ghi thì ghi ở cột «Ý kiến của Hội đồng»."
    BALLOT_UNKNOWN = _E, "Mã ngoài danh sách", "Mã «{value}» không thuộc danh sách Hội đồng xét. Xóa dòng này; muốn xét thêm thì bổ sung phiếu hoặc co-quan.xlsx, chạy lại thidua run rồi trình bảng mới."
    BALLOT_TWICE = _E, "Trùng mã", "Mã «{value}» đã có ở dòng {row}. Xóa một trong hai dòng."
    BALLOT_UNDECIDED = _E, "Chưa quyết định", "Chưa có quyết định của Hội đồng về {named}. Chọn Khen thưởng hoặc Không khen thưởng."
    BALLOT_NOT_IN_LIST = _E, "Ngoài danh sách", "«{value}» không phải quyết định có trong danh sách. Chọn lại: {options}."
    COUNCIL_CELL_INVALID = _E, "Ô Hội đồng ghi sai", "Ô «{label}» phải là {holds}. Gõ lại."
    VOTES_MISSING = _E, "Thiếu số phiếu", "Chưa ghi «{label}» nên không tính được tỷ lệ phiếu mà kế hoạch yêu cầu. Ghi số, hoặc chọn Không khen thưởng kèm lý do."
    VOTES_TOO_MANY = _E, "Quá số thành viên", "Ô «{label}» làm tổng số thành {total}, lớn hơn {maximum} là {what}. Kiểm tra lại số phiếu và số thành viên."
    VOTES_TOO_FEW = _E, "Chưa đủ phiếu", "Được {read}; kế hoạch yêu cầu ít nhất {low} %, tức là {count} phiếu. Kiểm tra số phiếu, hoặc chọn Không khen thưởng kèm lý do."
    SEATS_EXCEEDED = _E, "Quá số suất", "Chọn khen thưởng {count} trường hợp ở «{what}», quá {maximum} suất. Chọn lại cho không quá {maximum}."
    TIE_UNSETTLED = _E, "Chưa chọn đủ đồng hạng", "Còn {count} suất mà trường hợp đồng hạng này không được chọn. Chọn đủ số suất, hoặc ghi lý do ở cột «Ý kiến của Hội đồng»."
    OPINION_MISSING = _E, "Chưa ghi lý do", "{detail} mà chưa ghi lý do. Ghi lý do ở cột «Ý kiến của Hội đồng»."
    NO_LONGER_ELIGIBLE = _E, "Nay không đủ điều kiện", "Hội đồng chọn khen thưởng {named}, nhưng theo dữ liệu hiện có: {reason}. Chạy lại thidua run và trình Hội đồng bảng mới, hoặc chọn Không khen thưởng kèm lý do."

    # The plan
    PLAN_UNREADABLE = _E, "Không đọc được kế hoạch", "Không đọc được kế hoạch: {detail}. Kiểm tra lại tệp."
    PLAN_TWO_FORMS_DIFFER = _E, "Hai bản kế hoạch khác nhau", "Thư mục có cả ke-hoach.toml và ke-hoach.xlsx mà nội dung khác nhau (trước hết ở bảng {table}). Xóa hoặc chuyển đi tệp không dùng."
    PLAN_UNKNOWN_TABLE = _E, "Bảng lạ", "Không có bảng «{value}» trong ngôn ngữ kế hoạch{suggestion}. Sửa tên hoặc xóa bảng."
    PLAN_UNKNOWN_KEY = _E, "Cột lạ", "Không có cột «{value}» trong bảng này{suggestion}. Sửa tên hoặc xóa cột."
    PLAN_VALUE_MISSING = _E, "Thiếu giá trị", "Thiếu giá trị bắt buộc «{key}». Điền giá trị."
    PLAN_VALUE_KIND = _E, "Sai loại giá trị", "Giá trị «{value}» của «{key}» phải là {holds}. Sửa lại giá trị."
    PLAN_NOT_IN_LIST = _E, "Ngoài danh sách", "Giá trị «{value}» của «{key}» không có trong danh sách{suggestion}. Chọn một trong: {options}."
    PLAN_UNKNOWN_CODE = _E, "Mã chưa khai báo", "Mã «{value}» của «{key}» chưa khai báo ở bảng {table}{suggestion}. Sửa mã, hoặc thêm dòng vào bảng {table}."
    PLAN_UNKNOWN_FACT = _E, "Dữ kiện lạ", "Dữ kiện «{value}» không phải mã câu hỏi, mã chỉ số, đặc điểm hay dữ kiện có sẵn{suggestion}. Sửa lại, hoặc thêm câu hỏi."
    PLAN_DUPLICATE = _E, "Trùng mã", "«{value}» trùng với {other}. Đổi một trong hai."
    PLAN_SUM = _E, "Tổng không khớp", "Tổng các dòng dưới là {total}, khác điểm tối đa {maximum} của «{value}». Sửa điểm tối đa hoặc các dòng dưới."
    PLAN_TOTAL = _E, "Thang điểm không đủ 100", "Thang điểm của khối «{block}» ở đợt «{round}» có tổng {total}, phải là 100. Sửa điểm tối đa của các dòng."
    PLAN_SEATS = _E, "Số suất không khớp", "Tổng số suất là {total}, khác tổng số {stated} ghi ở đợt xét. Sửa số suất hoặc tổng số."
    PLAN_BLOCK_EMPTY = _E, "Khối chưa đủ nội dung", "Khối «{value}» không có {what}. Thêm dòng, hoặc ghi rõ khối ở bảng tương ứng."
    PLAN_THRESHOLDS = _E, "Sai tham số", "Tham số của tiêu chí «{value}» không đúng: {detail}. Sửa lại cột Tham số."
    PLAN_DATES = _E, "Sai ngày, năm", "{detail}. Sửa lại ngày hoặc năm."
    PLAN_NOT_ASKED = _E, "Dữ kiện không được hỏi", "Dòng này dùng dữ kiện «{value}» mà không phiếu nào hỏi ở {where}. Thêm nội dung hỏi cho đợt và khối này, hoặc sửa dòng này."
    PLAN_OPERATOR = _E, "Phép so không hợp", "Phép so «{value}» không hợp với dữ kiện «{fact}»: {detail}. Chọn phép so khác hoặc sửa giá trị."
    PLAN_CYCLE = _E, "Cấp trên vòng tròn", "Tiêu chí «{value}» nằm trong vòng cấp trên – cấp dưới. Sửa mã cấp trên."
    PLAN_INCOMPLETE = _E, "Thiếu nội dung", "{detail}. Bổ sung vào kế hoạch."
    PLAN_CONTRADICTION = _E, "Mâu thuẫn", "{detail}. Sửa lại cho thống nhất."
    PLAN_NEVER_USED = _W, "Câu hỏi không dùng", "Câu hỏi «{value}» không được điều kiện hay số lượng nào dùng. Xóa câu hỏi nếu không cần."

    # The templates of the papers
    TEMPLATE_UNREADABLE = _E, "Không đọc được mẫu văn bản", "Không dùng được mẫu {value}: {detail}. Mở bằng Word, lưu lại dạng .docx; xóa tệp thì chương trình dùng mẫu có sẵn."
    TEMPLATE_UNKNOWN_FIELD = _E, "Trường lạ trong mẫu văn bản", "Mẫu {value}, đoạn «{paragraph}»: không có trường {field}{suggestion}. Sửa tên trường, dùng một trong: {options}."
    TEMPLATE_BRACES = _E, "Ngoặc nhọn lẻ trong mẫu văn bản", "Mẫu {value}, đoạn «{paragraph}»: dấu ngoặc nhọn không đủ cặp. Ghi mỗi tên trường trong một cặp ngoặc nhọn, gọn trong một đoạn."
    TEMPLATE_TWO_LISTS = _E, "Hai danh sách trên một dòng của mẫu", "Mẫu {value}, «{paragraph}»: một dòng bảng hoặc một đoạn chỉ lặp theo một danh sách, ở đây có {lists}. Tách mỗi danh sách ra một dòng bảng hoặc một đoạn riêng."

    def __init__(self, severity: Severity, title: str, sentence: str) -> None:
        self.severity = severity
        self.title = title
        self.sentence = sentence

    # Two codes may share severity and sentence without being aliases: identity is the name.
    def __new__(cls, severity: Severity, _title: str, sentence: str) -> Code:
        member = object.__new__(cls)
        member._value_ = f"{severity.value}:{sentence}"
        return member


# Where a part of the catalogue begins, and what it is about.
AREAS = {
    next(iter(Code)): "Câu trả lời trong phiếu của đơn vị",
    Code.NEWER_RETURN_INVALID: "Tệp đơn vị gửi về",
    Code.ONE_READER: "Nhận xét khi đọc tệp",
    Code.OFFICE_CONTRADICTS: "Sổ của cơ quan thường trực và sổ khen thưởng",
    Code.COUNCIL_UNREADABLE: "Bảng tổng hợp Hội đồng đã ghi",
    Code.PLAN_UNREADABLE: "Kế hoạch",
    Code.TEMPLATE_UNREADABLE: "Mẫu văn bản",
}

# In a fresh copy of the unit's own form some faults are mended already, or stand elsewhere: what to do there.
IN_OWN_COPY = {
    Code.SHEET_MISSING: "Phiếu gửi về thiếu sheet này; tệp này đã có lại sheet. Điền các ô đỏ của sheet.",
    Code.HEADER_MISSING: "Phiếu gửi về không có cột «{label}»; tệp này đã có lại cột. Điền các ô đỏ của cột.",
    Code.ROW_MISSING: "Phiếu gửi về không có dòng mã {row}; tệp này đã có lại dòng. Điền các ô đỏ của dòng.",
    Code.ROW_UNSURE: "Phiếu gửi về có dòng không rõ là mã {others}; tệp này để trống dòng mã {row}. Điền lại các ô đỏ của dòng.",
    Code.SHEET_TWICE: "Phiếu gửi về có hai sheet này, ghi khác nhau ở ô «{label}»; tệp này giữ một bản. Kiểm tra và sửa lại ô này.",
    Code.COLUMN_TWICE: "Phiếu gửi về có hai cột «{label}», ghi khác nhau; tệp này giữ một cột. Kiểm tra và sửa lại ô này.",
    Code.ROW_TWICE: "Phiếu gửi về có hai dòng mã {row}; tệp này chỉ giữ dòng thứ nhất. Kiểm tra và sửa lại các ô đỏ của dòng.",
    Code.ROW_UNSURE: "Ở phiếu gửi về không rõ dòng nào là mã {row}: ô mã {typed}. Tệp này đã có lại cột mã. Điền các ô đỏ của dòng.",
    Code.SHEET_TWICE: "Phiếu gửi về có thêm sheet «{other}» ghi khác ở ô «{label}». Ghi lại câu trả lời đúng vào ô này.",
    Code.COLUMN_TWICE: "Phiếu gửi về có hai cột «{label}» ghi khác nhau. Ghi lại câu trả lời đúng vào ô này.",
    Code.SAME_PERSON_TWICE: "Người này đã có ở thứ tự {other}. Xóa hết các ô đỏ của dòng này, hoặc sửa lại nếu là người khác.",
    Code.SAME_ORDER_TWICE: "Phiếu gửi về ghi thứ tự {order} cho hai người; tệp này xếp người này ở thứ tự {shown}. Muốn ưu tiên khác thì đổi chỗ nội dung hai dòng.",
    Code.ORDER_UNPROVEN: "Đơn vị đã gửi nhiều bản khác nhau ({others}) mà chưa rõ bản nào sau, nên chưa bản nào được tính. Điền lại các ô đỏ rồi gửi lại tệp này.",
    Code.OUTDATED_FORM: "Phiếu gửi về là bản cũ, nội dung hỏi đã thay đổi, nên chưa được tính. Tệp này là phiếu mới, đã chép sang câu trả lời cũ: điền các ô đỏ, xem lại các ô vàng rồi gửi lại.",
}
ORDER_GIVEN = (
    "Phiếu gửi về chưa ghi đúng thứ tự của người này; tệp này xếp người này ở thứ tự {shown}. "
    "Muốn ưu tiên khác thì đổi chỗ nội dung hai dòng."
)
SENT_DIFFERENTLY = "Các bản gửi về ghi khác nhau: {values}. Ghi lại câu trả lời đúng."
NEEDED_IF = "Phải điền ô này nếu ô «{label}» trả lời là «{answer}»."
ASKED_ANEW = "Nội dung hỏi ở dòng này đã thay đổi so với bản cũ. Xem lại câu trả lời."
UNREADABLE_RETURN = "{message} Tệp này là phiếu trống để điền lại."


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
