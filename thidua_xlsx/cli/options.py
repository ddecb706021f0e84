"""Turns the arguments that several commands take into one wording each."""

from __future__ import annotations

import click

from thidua_xlsx.cli.saying import FOLDER, parse_day

folder = click.argument("folder", metavar="THƯ-MỤC", type=FOLDER)
round_code = click.option("--round", "round_code", metavar="ĐỢT", help="Mã đợt xét; mặc định là đợt đầu của kế hoạch.")
other_plan = click.option("--plan", "plan_source", metavar="KẾ-HOẠCH", help="Kế hoạch khác: tệp hoặc mã kế hoạch.")
inbox = click.option("--inbox", type=FOLDER, help="Thư mục phiếu nộp về; mặc định THƯ-MỤC/nop.")
only_units = click.option("--unit", "units", multiple=True, metavar="MÃ", help="Chỉ đơn vị này; dùng được nhiều lần.")
today = click.option("--today", metavar="NĂM-THÁNG-NGÀY", callback=parse_day, help="Coi như hôm nay là ngày này.")
