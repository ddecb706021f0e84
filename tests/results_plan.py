"""The plan behind ``results_fixture``: three blocks, two scorecards, four quota rows, five gates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from thidua_xlsx.model.plan import (
    Award,
    BaseSalary,
    Block,
    Criterion,
    DossierItem,
    Gate,
    Head,
    Level,
    Note,
    Plan,
    Question,
    Quota,
    Round,
    Unit,
)

AWARD = "Giấy khen của Chủ tịch UBND phường"
PROGRAM = "thidua-xlsx 0.1.0"

# code|max|name, a line each; the lines below a field add up to it.
SHORT_CARD = """
1|20|Chỉ đạo, điều hành cải cách hành chính
1.1|8|Ban hành và thực hiện kế hoạch cải cách hành chính của đơn vị
1.1.1|3|Ban hành kế hoạch kịp thời
1.1.2|5|Mức độ hoàn thành kế hoạch
1.2|6|Thực hiện chế độ báo cáo định kỳ
1.3|6|Sáng kiến, mô hình mới về cải cách hành chính
2|10|Cải cách thể chế
2.1|5|Theo dõi thi hành pháp luật trong lĩnh vực phụ trách
2.2|5|Rà soát văn bản quy phạm pháp luật
3|25|Cải cách thủ tục hành chính
3.1|10|Hồ sơ giải quyết đúng và trước hạn
3.2|8|Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính
3.10|7|Xử lý phản ánh, kiến nghị của người dân và doanh nghiệp
4|5|Cải cách tổ chức bộ máy
5|10|Cải cách chế độ công vụ
5.1|6|Bố trí công chức theo vị trí việc làm
5.2|4|Chấp hành kỷ luật, kỷ cương hành chính
6|8|Cải cách tài chính công
7|12|Xây dựng chính quyền điện tử, chính quyền số
7.1|7|Hồ sơ công việc xử lý trên môi trường mạng
7.2|5|Văn bản ký số
8|10|Tác động của cải cách hành chính (điều tra xã hội học)
T|3|Điểm thưởng: sáng kiến được thành phố công nhận
P|5|Điểm trừ: báo cáo chậm, sai số liệu
"""
LONG_CARD = """
1|14|Công tác chỉ đạo điều hành cải cách hành chính
1.1|4|Kế hoạch cải cách hành chính năm
1.1.1|1|Ban hành kế hoạch cải cách hành chính kịp thời
1.1.2|3|Mức độ hoàn thành kế hoạch cải cách hành chính
1.2|2|Chế độ báo cáo cải cách hành chính định kỳ (4 kỳ)
1.3|3|Kiểm tra công tác cải cách hành chính
1.3.1|1.5|Tỷ lệ đơn vị, bộ phận được kiểm tra
1.3.2|1.5|Xử lý vấn đề phát hiện qua kiểm tra
1.4|2|Tuyên truyền cải cách hành chính
1.5|3|Sáng kiến, mô hình mới về cải cách hành chính được công nhận
2|8|Cải cách thể chế
2.1|3|Theo dõi thi hành pháp luật
2.1.1|1|Ban hành kế hoạch theo dõi đúng hạn
2.1.2|2|Xử lý kết quả theo dõi thi hành pháp luật
2.2|3|Rà soát, hệ thống hóa văn bản quy phạm pháp luật
2.2.1|1|Báo cáo kết quả rà soát hằng năm
2.2.2|2|Xử lý văn bản phát hiện qua rà soát
2.3|2|Văn bản ban hành trái thẩm quyền, trái nội dung
3|24|Cải cách thủ tục hành chính
3.1|4|Công khai thủ tục hành chính
3.1.1|2|Niêm yết thủ tục hành chính
3.1.2|2|Công khai trên trang thông tin điện tử
3.2|6|Cơ chế một cửa
3.2.1|2|Tiếp nhận tại Trung tâm Phục vụ hành chính công
3.2.2|2|Thực hiện quy trình điện tử
3.2.3|2|Thư xin lỗi khi trễ hẹn
3.3|9|Kết quả giải quyết
3.3.1|5|Hồ sơ giải quyết đúng và trước hạn
3.3.2|2|Số hóa hồ sơ
3.3.3|2|Kết quả điện tử
3.4|3|Phản ánh, kiến nghị
3.4.1|2|Xử lý phản ánh, kiến nghị
3.4.2|1|Công khai trả lời
3.5|2|Tự đặt thêm thủ tục
4|7|Cải cách tổ chức bộ máy
4.1.1|1.5|Sử dụng biên chế
4.1.2|1.5|Số lượng cấp phó
4.2|2|Quy chế làm việc
4.3|2|Phân cấp, ủy quyền
5|10|Cải cách chế độ công vụ
5.1|2|Vị trí việc làm
5.2|2|Viên chức đạt chuẩn
5.3|1|Đào tạo, bồi dưỡng
5.4|2|Đánh giá, xếp loại đúng hạn
5.5|3|Kỷ luật viên chức
6|8|Cải cách tài chính công
6.1|3|Tỷ lệ giải ngân
6.2|3|Dự toán, công khai tài chính
6.3|2|Thực hiện kiến nghị thanh tra, kiểm toán
7|17|Chính quyền số
7.1|2|Kế hoạch chuyển đổi số
7.2|2|Ký số
7.3|2|Hồ sơ công việc điện tử
7.4|8|Dịch vụ công trực tuyến
7.4.1|4|Hồ sơ trực tuyến
7.4.2|3|Thanh toán trực tuyến
7.4.3|1|Bưu chính công ích
7.5|3|Trang thông tin điện tử, ISO
8|12|Tác động của cải cách hành chính
8.1|8|Mức độ hài lòng của người dân, tổ chức
8.2|4|Khảo sát lãnh đạo, Hội đồng nhân dân, Mặt trận Tổ quốc
"""

UNITS = """
VP|phong|Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường|3|88.10
KTHT|phong|Phòng Kinh tế, Hạ tầng và Đô thị|2|90.25
VHXH|phong|Phòng Văn hóa - Xã hội|1|91
TTHCC|phong|Trung tâm Phục vụ hành chính công|5|
BCHQS|phong|Ban Chỉ huy Quân sự phường|4|79.5
TH1|truong|Trường Tiểu học Nguyễn Thị Minh Khai|2|86.4
TH2|truong|Trường Tiểu học Trần Quốc Toản|1|90.1
TH3|truong|Trường Tiểu học Võ Thị Sáu|3|84
THCS1|truong|Trường Trung học cơ sở Lê Quý Đôn|4|82.75
THCS2|truong|Trường Trung học cơ sở Phan Đình Phùng và Trung tâm Học tập cộng đồng khóm 5|5|80
MN1|truong|Trường Mầm non Hoa Sen|6|78.2
MN2|truong|Trường Mầm non Sơn Ca|7|75
YT|khac|Trạm Y tế phường|1|83.3
VHTT|khac|Trung tâm Văn hóa, Thể thao và Truyền thanh|3|70
CHO|khac|Ban Quản lý chợ và Trật tự đô thị|2|81
DV|khac|Trung tâm Cung ứng dịch vụ công ích|4|66
"""


def card(text: str, blocks: tuple[str, ...]) -> tuple[Criterion, ...]:
    rows = [line.split("|") for line in text.strip().splitlines()]
    codes = [code for code, _, _ in rows]

    def parent(code: str) -> str | None:
        while "." in code:
            code = code.rpartition(".")[0]
            if code in codes:
                return code
        return None

    parents = {parent(code) for code in codes}
    methods = {"T": "bonus", "P": "malus", "8": "survey", "8.1": "survey", "8.2": "survey"}
    return tuple(
        Criterion(
            code=code,
            name=name,
            max=Decimal(most),
            parent=parent(code),
            blocks=blocks,
            method=None if code in parents else methods.get(code, "points"),
        )
        for code, most, name in rows
    )


def units() -> tuple[Unit, ...]:
    made = []
    for line in UNITS.strip().splitlines():
        code, block, name, rank, index = line.split("|")
        made.append(
            Unit(
                code=code,
                name=name,
                block=block,
                last_rank=int(rank),
                last_index=Decimal(index) if index else None,
                email=f"{code.lower()}@phuong.example.vn",
                contact="Nguyễn Thị Hồng Nhung, 0912 345 678",
                head="Trần Văn Bình, Trưởng đơn vị",
            )
        )
    return tuple(made)


ROUND = Round(
    code="hang-nam",
    name="Khen thưởng hằng năm",
    kind="annual",
    from_year=2025,
    to_year=2025,
    clause="III",
    deadline=date(2026, 1, 30),
    total_collectives=5,
    total_individuals=6,
)


def quota(
    code: str,
    subject: str,
    seats: int | None,
    blocks: tuple[str, ...] = (),
    clause: str = "III.2.a",
    order: tuple[str, ...] = (),
    binding: str = "at_most",
) -> Quota:
    return Quota(
        code=code,
        subject=subject,
        award=AWARD,
        binding=binding,
        clause=clause,
        blocks=blocks,
        seats=seats,
        order_by=order,
    )


QUOTAS = (
    quota("tap-the-phong", "collective", 2, ("phong",), order=("rank_in_block",), binding="exactly"),
    quota("tap-the-truong", "collective", 2, ("truong",), order=("rank_in_block",)),
    quota("tap-the-vuot-bac", "collective", 1, ("khac",), "III.2.a-2", ("rank_gain",)),
    quota("ca-nhan", "individual", 6, clause="III.2.b"),
)
GATES = (
    Gate(
        code="doan-ket",
        subject="collective",
        fact="doan-ket",
        operator="yes",
        clause="III.3.a-1",
        reason="Nội bộ đoàn kết, chấp hành tốt chủ trương của Đảng, chính sách, pháp luật của Nhà nước",
    ),
    Gate(
        code="nhiem-vu-100",
        subject="collective",
        fact="tasks_completed",
        operator="at_least",
        value="100",
        clause="III.3.a-2",
        reason="Hoàn thành 100 % nhiệm vụ được giao trong kế hoạch cải cách hành chính của phường",
    ),
    Gate(
        code="chi-so-tang",
        subject="collective",
        fact="indices",
        operator="above_last_year_or_at_max",
        clause="III.3.a-3",
        reason="Mỗi chỉ số thành phần phụ trách cao hơn năm trước hoặc giữ nguyên ở mức tối đa",
    ),
    Gate(
        code="tham-muu",
        subject="individual",
        fact="tham-muu",
        operator="yes",
        clause="III.3.b-2",
        reason="Có thành tích nổi bật trong tham mưu, theo dõi công tác cải cách hành chính",
    ),
    Gate(
        code="ky-luat",
        subject="individual",
        fact="ky-luat",
        operator="no",
        clause="I.2.e",
        reason="Không trong thời gian bị xem xét kỷ luật",
    ),
)


def plan() -> Plan:
    return Plan(
        head=Head(
            id="mau-2025",
            title="Kế hoạch phát động phong trào thi đua đẩy mạnh cải cách hành chính, nâng cao "
            "Chỉ số cải cách hành chính trên địa bàn phường năm 2025",
            authority="Ủy ban nhân dân phường Mẫu",
            parent_authority="Ủy ban nhân dân thành phố Ví Dụ",
            place="Phường Mẫu",
            standing_body="Phòng Văn hóa - Xã hội",
            year=2025,
            class_scale="xep-loai",
        ),
        rounds=(ROUND,),
        blocks=(
            Block(code="phong", name="Khối phòng chuyên môn và tương đương"),
            Block(code="truong", name="Khối trường học công lập"),
            Block(code="khac", name="Khối đơn vị sự nghiệp khác"),
        ),
        units=units(),
        levels=tuple(
            Level(scale="xep-loai", code=code, label=label, order=order, from_=Decimal(start))
            for code, label, order, start in (
                ("yeu", "Yếu", 1, 0),
                ("tb", "Trung bình", 2, 50),
                ("kha", "Khá", 3, 70),
                ("tot", "Tốt", 4, 80),
                ("xs", "Xuất sắc", 5, 90),
            )
        ),
        criteria=card(SHORT_CARD, ("phong", "khac")) + card(LONG_CARD, ("truong",)),
        dossiers=(
            DossierItem(
                code="to-trinh",
                subject="both",
                stage="unit",
                name="Tờ trình kèm danh sách đề nghị",
                clause="IV.2.a",
                form="01",
                decree="NĐ 152/2025/NĐ-CP",
            ),
            DossierItem(
                code="bao-cao",
                subject="individual",
                stage="unit",
                name="Báo cáo thành tích",
                clause="IV.2.c",
                form="08",
                decree="NĐ 152/2025/NĐ-CP",
                sets=2,
            ),
            DossierItem(
                code="bien-ban-hd",
                subject="both",
                stage="council",
                name="Biên bản họp Hội đồng Thi đua - Khen thưởng",
                clause="IV.2.b",
                sets=1,
            ),
        ),
        gates=GATES,
        quotas=QUOTAS,
        questions=(
            Question(
                code="doan-ket", label="Nội bộ đoàn kết, chấp hành pháp luật", subject="collective", type="yes_no"
            ),
            Question(code="tham-muu", label="Thành tích tham mưu", subject="individual", type="yes_no"),
            Question(code="ky-luat", label="Đang bị xem xét kỷ luật", subject="individual", type="yes_no"),
        ),
        awards=(
            Award(
                award=AWARD,
                subject="collective",
                coefficient=Decimal("0.6"),
                from_=date(2025, 7, 1),
                decree="Điều 54 NĐ 152/2025/NĐ-CP",
            ),
            Award(
                award=AWARD,
                subject="individual",
                coefficient=Decimal("0.3"),
                from_=date(2025, 7, 1),
                decree="Điều 54 NĐ 152/2025/NĐ-CP",
            ),
        ),
        base_salaries=(BaseSalary(amount=2_340_000, from_=date(2024, 7, 1), decree="NĐ 73/2024/NĐ-CP"),),
        notes=(
            Note(
                code="chi-so-sau",
                clause="II.3",
                text="Hồ sơ trình sau khi công bố Chỉ số cải cách hành chính "
                "năm 2025; chỉ số chưa công bố thì kết quả là chưa đủ căn cứ",
            ),
            Note(
                code="giay-khen-rieng",
                clause="III.2",
                text="Giấy khen do thủ trưởng đơn vị tặng theo thẩm quyền không tính ở bảng này",
            ),
        ),
    )


PLAN = plan()
