"""What a template may name: single fields, and lists whose paragraph or table row is repeated, each with its meaning.

Written ``{số tập thể}`` and ``{tập thể: tên}``; compared without regard to case and place of the tone.
"""

from __future__ import annotations

SINGLE = {
    "cơ quan": "Cơ quan ban hành kế hoạch",
    "cơ quan hai dòng": "Cơ quan ban hành kế hoạch, ngắt dòng sau «Ủy ban nhân dân» để ghi ở đầu trang",
    "cơ quan cấp trên": "Cơ quan cấp trên của cơ quan ban hành kế hoạch",
    "cơ quan thường trực": "Cơ quan thường trực, theo kế hoạch",
    "người có thẩm quyền": "Người quyết định khen thưởng, nơi gửi tờ trình",
    "địa danh": "Địa danh ghi trước ngày, tháng, năm",
    "kế hoạch": "Tên kế hoạch",
    "phong trào": "Tên phong trào, lấy từ tên kế hoạch, kèm năm hoặc giai đoạn xét",
    "đợt": "Tên đợt xét",
    "thời gian xét": "Năm hoặc giai đoạn xét",
    "loại hình": "Loại hình khen thưởng",
    "nội dung họp": "Trích yếu của biên bản",
    "số tập thể": "Số tập thể được Hội đồng quyết định khen thưởng",
    "số cá nhân": "Số cá nhân được Hội đồng quyết định khen thưởng",
    "số được khen": "Số tập thể và cá nhân được khen thưởng",
    "số được xét": "Số trường hợp Hội đồng xét",
    "số không khen": "Số trường hợp Hội đồng không khen thưởng",
    "ngày họp": "Ngày họp Hội đồng, dạng «ngày 05 tháng 02 năm 2026»",
    "địa điểm họp": "Địa điểm họp",
    "tổng số thành viên": "Tổng số thành viên Hội đồng",
    "số có mặt": "Số thành viên có mặt",
    "số vắng mặt": "Số thành viên vắng mặt",
    "người chủ trì": "Người chủ trì",
    "thư ký": "Thư ký",
    "số quyết định": "Số quyết định khen thưởng",
    "ngày quyết định": "Ngày quyết định khen thưởng",
    "tiền tập thể": "Tổng tiền thưởng tập thể, bằng số",
    "tiền cá nhân": "Tổng tiền thưởng cá nhân, bằng số",
    "tổng tiền": "Tổng tiền thưởng, bằng số",
    "tổng tiền bằng chữ": "Tổng tiền thưởng, bằng chữ",
    "tạm tính": "«(tạm tính)» khi chưa có ngày quyết định khen thưởng; có rồi thì không ghi gì",
    "lần chạy": "Lần chạy làm căn cứ và mã của lần chạy",
}

_AWARDED = {
    "stt": "Số thứ tự",
    "tên": "Tên tập thể, hoặc họ và tên",
    "tên và đơn vị": "Tên tập thể, hoặc Ông/Bà, họ và tên, đơn vị công tác",
    "hình thức": "Hình thức khen thưởng",
    "căn cứ": "Mục của kế hoạch",
    "kết quả phiếu": "Kết quả bỏ phiếu",
    "hệ số": "Hệ số tiền thưởng",
    "lương cơ sở": "Lương cơ sở (đồng)",
    "thành tiền": "Hệ số nhân lương cơ sở (đồng)",
    "mức thưởng": "Mức thưởng đã làm tròn (đồng)",
    "ghi chú": "Khác đề nghị, chọn trong số đồng hạng, tạm tính",
}
_PERSON = {
    "danh xưng": "Ông/Bà",
    "ngày sinh": "Ngày sinh",
    "chức vụ": "Chức vụ",
    "đơn vị": "Bộ phận và đơn vị công tác",
}
_JUDGED = {
    "stt": "Số thứ tự",
    "tên": "Tên tập thể, hoặc Ông/Bà, họ tên, chức vụ, đơn vị",
    "kết quả xét": "Kết quả xét trước khi họp",
    "đồng ý": "Số phiếu đồng ý",
    "không đồng ý": "Số phiếu không đồng ý",
    "tổng số": "Tổng số thành viên tính tỷ lệ",
    "tỷ lệ": "Tỷ lệ phiếu, tính theo kế hoạch",
    "quyết định": "Quyết định của Hội đồng",
    "ý kiến": "Ý kiến của Hội đồng",
}
_SENTENCE = {"nội dung": "Một dòng của danh sách"}
_COUNTED = {"số": "Số lượng", "tên": "Hình thức khen thưởng"}

LISTS = {
    "tập thể": {**_AWARDED, "khối": "Khối", "giá trị xếp": "Giá trị dùng để xếp thứ tự"},
    "cá nhân": {**_AWARDED, **_PERSON},
    "tập thể được xét": _JUDGED,
    "cá nhân được xét": _JUDGED,
    "hình thức tập thể": _COUNTED,
    "hình thức cá nhân": _COUNTED,
    "mẫu tờ trình": _SENTENCE,
    "nghị định": _SENTENCE,
    "hồ sơ": _SENTENCE,
    "tỷ lệ phiếu": _SENTENCE,
    "khác đề nghị": _SENTENCE,
    "lưu ý": _SENTENCE,
    "căn cứ tiền thưởng": _SENTENCE,
    "lưu ý tiền thưởng": _SENTENCE,
}
LIST_MEANINGS = {
    "tập thể": "Tập thể được khen thưởng",
    "cá nhân": "Cá nhân được khen thưởng",
    "tập thể được xét": "Mọi tập thể Hội đồng xét, kèm phiếu và quyết định; không gồm dự khuyết mà Hội đồng không xét",
    "cá nhân được xét": "Mọi cá nhân Hội đồng xét, kèm phiếu và quyết định; không gồm dự khuyết mà Hội đồng không xét",
    "hình thức tập thể": "Số tập thể theo từng hình thức khen thưởng",
    "hình thức cá nhân": "Số cá nhân theo từng hình thức khen thưởng",
    "mẫu tờ trình": "Số mẫu và nghị định của tờ trình, khi kế hoạch có ghi",
    "nghị định": "Các nghị định làm căn cứ, theo kế hoạch",
    "hồ sơ": "Văn bản gửi kèm, theo kế hoạch",
    "tỷ lệ phiếu": "Tỷ lệ phiếu phải đạt, khi kế hoạch có ghi",
    "khác đề nghị": "Trường hợp Hội đồng quyết định khác đề nghị hoặc chọn trong số đồng hạng",
    "lưu ý": "Các điều phải nêu trong văn bản",
    "căn cứ tiền thưởng": "Các nghị định về hệ số và lương cơ sở",
    "lưu ý tiền thưởng": "Tạm tính, trường hợp chưa có mức thưởng",
}
