"""Whole papers, written by hand in other wordings and layouts than the generator's, with what they say."""

from __future__ import annotations

PARTY_LINES = """
CÔNG TY CP ĐẦU TƯ HOA SEN VÀNG
Số: 045/2018/HĐLĐ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
HỢP ĐỒNG LAO ĐỘNG KHÔNG XÁC ĐỊNH THỜI HẠN
Hôm nay, ngày 01 tháng 03 năm 2018, tại trụ sở Công ty, chúng tôi gồm:
I. BÊN SỬ DỤNG LAO ĐỘNG (Bên A): CÔNG TY CỔ PHẦN ĐẦU TƯ HOA SEN VÀNG
- Do ông: Lê Quang Vinh - Chức vụ: Giám đốc làm đại diện
- Trụ sở chính: Số 12 Lê Lợi, phường Bến Nghé, Quận 1, TP. Hồ Chí Minh
- MST: 0301234567 - Điện thoại: 028 3822 1234
II. BÊN NGƯỜI LAO ĐỘNG (Bên B): Bà Trần Thị Bích Ngọc
- Sinh năm 1988 - Giới tính: Nữ
- CMND số: 024123456 cấp ngày 12/5/2012 do Công an TP. Hồ Chí Minh cấp
- Hộ khẩu thường trú: 45/3 Nguyễn Trãi, P.3, Q.5, TP.HCM
- Số sổ BHXH: 7912345678
Hai bên thỏa thuận ký hợp đồng lao động với các điều khoản sau:
Điều 1. Công việc và địa điểm
1.1. Bà Trần Thị Bích Ngọc làm việc cho Công ty theo loại hợp đồng lao động không xác định thời hạn
kể từ ngày 01/03/2018.
1.2. Vị trí công việc: Nhân viên kinh doanh
1.3. Nơi làm việc: Văn phòng Công ty tại số 12 Lê Lợi, Quận 1, TP. Hồ Chí Minh
Điều 2. Tiền lương
2.1. Mức lương: 8.500.000 đ/tháng (Tám triệu năm trăm nghìn đồng).
2.2. Trả lương bằng tiền mặt hoặc chuyển khoản vào ngày 05 hàng tháng
Điều 3. Bảo hiểm xã hội
Hai bên đóng bảo hiểm xã hội theo luật.
"""

PARTY_LINES_SAYS: dict[str, object] = {
    "employee.full_name": "Trần Thị Bích Ngọc",
    "employee.date_of_birth": "1988",
    "employee.sex": "female",
    "employee.id_number": "024123456",
    "employee.id_issued_on": "2012-05-12",
    "employee.id_issued_by": "Công an TP. Hồ Chí Minh",
    "employer.name": "CÔNG TY CỔ PHẦN ĐẦU TƯ HOA SEN VÀNG",
    "employer.representative.full_name": "Lê Quang Vinh",
    "employer.representative.position": "Giám đốc",
    "employer.tax_code": "0301234567",
    "employer.phone": "+842838221234",
    "contract.number": "045/2018/HĐLĐ",
    "contract.signed_on": "2018-03-01",
    "contract.type": "indefinite",
    "contract.starts_on": "2018-03-01",
    "contract.ends_on": None,
    "contract.salary_vnd": 8500000,
    "contract.job_title": "Nhân viên kinh doanh",
    "employee.permanent_address": "45/3 Nguyễn Trãi, P.3, Q.5, TP.HCM",
    "employee.bhxh_number": "7912345678",
    "employer.address": "Số 12 Lê Lợi, phường Bến Nghé, Quận 1, TP. Hồ Chí Minh",
    "contract.pay_method": "both",
    "contract.term_months": None,
}

BILINGUAL = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SOCIALIST REPUBLIC OF VIETNAM
Độc lập - Tự do - Hạnh phúc
HỢP ĐỒNG LAO ĐỘNG
LABOUR CONTRACT
Số/No.: 12/2019/HDLD-SGN
Bên A/Party A: Người sử dụng lao động/Employer
Tên công ty/Company name: CÔNG TY TNHH SAIGON PRECISION
Địa chỉ/Address: Lô B2, KCN Tân Bình, phường Tây Thạnh, quận Tân Phú, TP. Hồ Chí Minh
Mã số thuế/Tax code: 0302345678
Đại diện bởi/Represented by: Ông/Mr. Nguyễn Hữu Đức
Chức vụ/Position: Tổng Giám đốc/General Director
Bên B/Party B: Người lao động/Employee
Họ và tên/Full name: Phạm Thị Mai Hương
Ngày sinh/Date of birth: 09/11/1992
Giới tính/Sex: Nữ/Female
Quốc tịch/Nationality: Việt Nam/Vietnamese
Số CCCD/ID card No.: 079192004321
Ngày cấp/Date of issue: 20/06/2018
Nơi cấp/Place of issue: Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư
Địa chỉ thường trú/Permanent address: 27 Hoàng Diệu, phường 12, quận 4, TP. Hồ Chí Minh
Điều 1/Article 1: Thời hạn và công việc/Term and work
Loại hợp đồng/Type of contract: Xác định thời hạn/Definite term
Thời hạn/Term: 12 tháng/12 months
Từ ngày/From: 01/07/2019 đến ngày/to: 30/06/2020
Chức danh/Job title: Công nhân vận hành máy
Điều 2/Article 2: Tiền lương/Salary
Mức lương cơ bản/Basic salary: 6,250,000 VND/tháng
Bằng chữ/In words: Sáu triệu hai trăm năm mươi nghìn đồng
"""

BILINGUAL_SAYS: dict[str, object] = {
    "employee.full_name": "Phạm Thị Mai Hương",
    "employee.date_of_birth": "1992-11-09",
    "employee.sex": "female",
    "employee.id_number": "079192004321",
    "employee.id_kind": "cccd",
    "employee.id_issued_on": "2018-06-20",
    "employee.id_issued_by": "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư",
    "employer.name": "CÔNG TY TNHH SAIGON PRECISION",
    "employer.tax_code": "0302345678",
    "employer.representative.full_name": "Nguyễn Hữu Đức",
    "employer.representative.position": "Tổng Giám đốc",
    "contract.number": "12/2019/HDLD-SGN",
    "contract.type": "fixed",
    "contract.term_months": 12,
    "contract.starts_on": "2019-07-01",
    "contract.ends_on": "2020-06-30",
    "contract.salary_vnd": 6250000,
    "contract.salary_words_vnd": 6250000,
    "employee.nationality": "Việt Nam",
    "contract.job_title": "Công nhân vận hành máy",
}

MINUTES = """
CÔNG TY TNHH MINH LONG | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 07/TTTH-2020 | Độc lập - Tự do - Hạnh phúc
BIÊN BẢN THỎA THUẬN
(V/v: Tạm hoãn thực hiện hợp đồng lao động)
Căn cứ Bộ luật Lao động số 10/2012/QH13;
Căn cứ HĐLĐ số 15/2018/HĐLĐ-ML ký ngày 02/01/2018;
Hôm nay, ngày 28 tháng 3 năm 2020, tại văn phòng Công ty TNHH Minh Long
Chúng tôi gồm có:
BÊN A: CÔNG TY TNHH MINH LONG
Mã số doanh nghiệp: 3701234567
Đại diện: Bà ĐỖ THỊ LAN ANH            Chức vụ: Giám đốc
BÊN B: Ông VŨ ĐÌNH TOÀN
Ngày sinh: 05.06.1985            Số CCCD: 031085001234
Địa chỉ: thôn 3, xã An Hòa, huyện Vĩnh Bảo, TP. Hải Phòng
Cùng thỏa thuận các nội dung sau:
Điều 1: Hai bên thống nhất tạm hoãn thực hiện hợp đồng lao động trong thời gian 02 tháng, từ ngày
01/4/2020 đến hết ngày 31/5/2020.
Lý do: do ảnh hưởng của dịch bệnh Covid-19.
Điều 2: Trong thời gian tạm hoãn, Bên A không phải trả lương cho Bên B.
Điều 3: Bên A nhận lại Bên B vào làm việc sau 15 ngày kể từ ngày hết thời hạn tạm hoãn.
"""

MINUTES_SAYS: dict[str, object] = {
    "employer.name": "CÔNG TY TNHH MINH LONG",
    "employer.registration_number": "3701234567",
    "employer.representative.full_name": "ĐỖ THỊ LAN ANH",
    "employer.representative.position": "Giám đốc",
    "employee.full_name": "VŨ ĐÌNH TOÀN",
    "employee.date_of_birth": "1985-06-05",
    "employee.id_number": "031085001234",
    "contract.number": "15/2018/HĐLĐ-ML",
    "contract.signed_on": "2018-01-02",
    "suspension.starts_on": "2020-04-01",
    "suspension.ends_on": "2020-05-31",
    "suspension.paid": False,
    "suspension.kind": "suspension",
    "document.number": "07/TTTH-2020",
    "document.issued_on": "2020-03-28",
    "suspension.contract_ref": "15/2018/HĐLĐ-ML; 2018-01-02",
    "employee.permanent_address": "thôn 3, xã An Hòa, huyện Vĩnh Bảo, TP. Hải Phòng",
}

ONE_SIDE_LEAVE = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bình Dương, ngày 30 tháng 3 năm 2020
THỎA THUẬN VỀ VIỆC NGHỈ KHÔNG HƯỞNG LƯƠNG
Chúng tôi, một bên là Ông: Trương Văn Cường
Chức vụ: Phó Giám đốc
Đại diện cho: Công ty Cổ phần May Đồng Tâm, mã số thuế 3702345671
Địa chỉ: Đường D1, phường An Phú, thành phố Thuận An, tỉnh Bình Dương
Và một bên là Bà: Lê Thị Hạnh
Sinh ngày: 12/12/1990. Số CMND: 281234567. Cấp ngày: 01/02/2015. Nơi cấp: CA Bình Dương
Là người lao động làm việc theo hợp đồng lao động số 88/2017/HĐLĐ ngày 15 tháng 02 năm 2017
Hai bên thống nhất như sau:
1. Bà Lê Thị Hạnh nghỉ việc không hưởng lương kể từ ngày 06/4/2020 đến ngày 05/6/2020
do tình hình dịch bệnh viêm đường hô hấp cấp Covid-19.
2. Trong thời gian nghỉ, người lao động không được trả lương.
"""

ONE_SIDE_LEAVE_SAYS: dict[str, object] = {
    "employer.name": "Công ty Cổ phần May Đồng Tâm",
    "employer.tax_code": "3702345671",
    "employer.representative.full_name": "Trương Văn Cường",
    "employer.representative.position": "Phó Giám đốc",
    "employee.full_name": "Lê Thị Hạnh",
    "employee.date_of_birth": "1990-12-12",
    "employee.id_number": "281234567",
    "employee.id_issued_on": "2015-02-01",
    "employee.id_issued_by": "CA Bình Dương",
    "contract.number": "88/2017/HĐLĐ",
    "contract.signed_on": "2017-02-15",
    "suspension.starts_on": "2020-04-06",
    "suspension.ends_on": "2020-06-05",
    "suspension.kind": "unpaid_leave",
    "suspension.paid": False,
    "document.issued_on": "2020-03-30",
    "document.issued_at_place": "Bình Dương",
}

SIDE_BY_SIDE = """
CÔNG TY TNHH THỰC PHẨM AN BÌNH
Số: 33/HĐLĐ/2019
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập – Tự do – Hạnh phúc
HỢP ĐỒNG LAO ĐỘNG
(Loại hợp đồng: Xác định thời hạn 24 tháng)
NGƯỜI SỬ DỤNG LAO ĐỘNG|NGƯỜI LAO ĐỘNG
Công ty: TNHH Thực phẩm An Bình|Họ tên: Đinh Công Tráng
Địa chỉ: KCN Sóng Thần, Bình Dương|Sinh năm: 1991
Đại diện: Bà Hoàng Yến|CMND: 280123456
Chức vụ: Giám đốc|Địa chỉ: Hồng Ngự, Đồng Tháp
Điện thoại: 02743123456|Điện thoại: 0903123456
Hai bên thỏa thuận ký kết hợp đồng:
Điều 1: Công việc và thời hạn
- Hợp đồng có hiệu lực từ ngày 02 tháng 5 năm 2019 đến hết ngày 01 tháng 5 năm 2021.
- Chức danh: Thợ bảo trì
Điều 2: Lương
- Lương căn bản: 7.200.000 đồng (Bằng chữ: Bảy triệu hai trăm ngàn đồng chẵn).
- Hình thức trả lương: tiền mặt
"""

SIDE_BY_SIDE_SAYS: dict[str, object] = {
    "employee.full_name": "Đinh Công Tráng",
    "employee.date_of_birth": "1991",
    "employee.id_number": "280123456",
    "employer.representative.full_name": "Hoàng Yến",
    "employer.representative.position": "Giám đốc",
    "employer.phone": "+842743123456",
    "employee.phone": "+84903123456",
    "contract.type": "fixed",
    "contract.term_months": 24,
    "contract.starts_on": "2019-05-02",
    "contract.ends_on": "2021-05-01",
    "contract.salary_vnd": 7200000,
    "contract.salary_words_vnd": 7200000,
    "contract.pay_method": "cash",
    "contract.job_title": "Thợ bảo trì",
    "contract.number": "33/HĐLĐ/2019",
    "employee.permanent_address": "Hồng Ngự, Đồng Tháp",
}

LETTERLESS_SUSPENSION = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
TP. Hồ Chí Minh, ngày 31 tháng 03 năm 2020
THỎA THUẬN TẠM HOÃN HỢP ĐỒNG LAO ĐỘNG
- Căn cứ Điều 32 Bộ luật Lao động năm 2012;
- Căn cứ Hợp đồng lao động số: 112/2017/HĐLĐ-TX ký ngày 15/08/2017 giữa Công ty và người lao động;
- Căn cứ tình hình sản xuất kinh doanh bị ảnh hưởng bởi dịch Covid-19.
Bên sử dụng lao động (sau đây gọi là Công ty):
CÔNG TY CỔ PHẦN THỜI TRANG XANH
Mã số doanh nghiệp: 0312345678
Trụ sở: 100 Trường Chinh, phường 12, quận Tân Bình, TP. Hồ Chí Minh
Người đại diện theo pháp luật: Ông Bùi Minh Khôi - Tổng Giám đốc
Người lao động:
Họ và tên: NGUYỄN THỊ KIM LOAN; Sinh ngày: 20/10/1993; Giới tính: Nữ
CCCD số: 086193000123 do Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư cấp ngày 05/05/2017
Nơi ở hiện tại: 5/7 Cộng Hòa, phường 13, quận Tân Bình, TP. Hồ Chí Minh
Hai bên cùng thống nhất:
Điều 1. Tạm hoãn thực hiện Hợp đồng lao động nêu trên.
Thời gian tạm hoãn: 03 tháng, kể từ ngày 15/04/2020 đến hết ngày 14/07/2020.
Điều 2. Trong thời gian tạm hoãn, người lao động không hưởng lương, hai bên không đóng BHXH.
Điều 3. Người lao động có mặt tại nơi làm việc trong 15 ngày kể từ ngày 15/07/2020.
"""

LETTERLESS_SUSPENSION_SAYS: dict[str, object] = {
    "employer.name": "CÔNG TY CỔ PHẦN THỜI TRANG XANH",
    "employer.registration_number": "0312345678",
    "employer.representative.full_name": "Bùi Minh Khôi",
    "employer.representative.position": "Tổng Giám đốc",
    "employer.address": "100 Trường Chinh, phường 12, quận Tân Bình, TP. Hồ Chí Minh",
    "employee.full_name": "NGUYỄN THỊ KIM LOAN",
    "employee.date_of_birth": "1993-10-20",
    "employee.sex": "female",
    "employee.id_number": "086193000123",
    "employee.id_issued_on": "2017-05-05",
    "employee.id_issued_by": "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư",
    "employee.current_address": "5/7 Cộng Hòa, phường 13, quận Tân Bình, TP. Hồ Chí Minh",
    "contract.number": "112/2017/HĐLĐ-TX",
    "contract.signed_on": "2017-08-15",
    "suspension.starts_on": "2020-04-15",
    "suspension.ends_on": "2020-07-14",
    "suspension.paid": False,
    "document.issued_on": "2020-03-31",
    "document.issued_at_place": "TP. Hồ Chí Minh",
    "document.number": None,
}

NUMBERED_PARTIES = """
CÔNG TY TNHH MTV VẬN TẢI PHÚ QUÝ
Số: 09/TTNL
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
BẢN THỎA THUẬN
Về việc nghỉ việc không hưởng lương
Hôm nay, ngày 01/04/2020, tại văn phòng công ty, hai bên gồm:
1. Đại diện Công ty TNHH MTV Vận tải Phú Quý
Ông: Phan Thanh Giản          Chức vụ: Giám đốc
Địa chỉ: 78 Lý Thường Kiệt, phường 7, thành phố Mỹ Tho, tỉnh Tiền Giang
Mã số thuế: 1201234567
2. Người lao động
Bà: Võ Thị Sáu          Sinh ngày: 02/02/1989
Số CMND: 311987654          Ngày cấp: 03/03/2010          Nơi cấp: Công an Tiền Giang
Đang làm việc theo HĐLĐ số 21/HĐLĐ-2016 ký ngày 01/06/2016
Sau khi bàn bạc, hai bên thỏa thuận như sau:
Điều 1: Bà Võ Thị Sáu được nghỉ việc không hưởng lương trong thời hạn 01 tháng từ ngày 15/04/2020
đến hết ngày 14/05/2020 vì lý do dịch Covid-19 nên công ty thiếu việc làm.
Điều 2: Hết thời hạn trên người lao động trở lại làm việc.
"""

NUMBERED_PARTIES_SAYS: dict[str, object] = {
    "employer.name": "CÔNG TY TNHH MTV VẬN TẢI PHÚ QUÝ",
    "employer.representative.full_name": "Phan Thanh Giản",
    "employer.representative.position": "Giám đốc",
    "employer.tax_code": "1201234567",
    "employee.full_name": "Võ Thị Sáu",
    "employee.date_of_birth": "1989-02-02",
    "employee.id_number": "311987654",
    "employee.id_issued_on": "2010-03-03",
    "employee.id_issued_by": "Công an Tiền Giang",
    "contract.number": "21/HĐLĐ-2016",
    "contract.signed_on": "2016-06-01",
    "suspension.starts_on": "2020-04-15",
    "suspension.ends_on": "2020-05-14",
    "suspension.kind": "unpaid_leave",
    "document.number": "09/TTNL",
    "document.issued_on": "2020-04-01",
}

SEASONAL_COOPERATIVE = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
HỢP ĐỒNG LAO ĐỘNG THỜI VỤ
Số 77/2020/HĐTV
Hôm nay ngày 10 tháng 01 năm 2020, chúng tôi gồm:
Người sử dụng lao động: Hợp tác xã Nông nghiệp Tân Tiến
Do bà Mai Thị Lựu, chức vụ Chủ nhiệm làm đại diện
Địa chỉ: xã Tân Tiến, huyện An Dương, Hải Phòng          MST: 0200123456
Người lao động: Nguyễn Văn Bình, sinh ngày 1/2/1980, CMND số 031234567 do CA Hải Phòng cấp ngày 4/5/2011
Hộ khẩu thường trú: xã Bắc Sơn, huyện An Dương, Hải Phòng
Cùng thỏa thuận:
Điều 1. Người lao động làm công việc thu hoạch rau theo mùa vụ từ 15/01/2020 đến 30/6/2020.
Điều 2. Tiền lương: 200.000 đồng/ngày; trả bằng tiền mặt.
"""

SEASONAL_COOPERATIVE_SAYS: dict[str, object] = {
    "employer.name": "Hợp tác xã Nông nghiệp Tân Tiến",
    "employer.representative.full_name": "Mai Thị Lựu",
    "employer.representative.position": "Chủ nhiệm",
    "employer.tax_code": "0200123456",
    "employee.full_name": "Nguyễn Văn Bình",
    "employee.date_of_birth": "1980-02-01",
    "employee.id_number": "031234567",
    "employee.id_issued_on": "2011-05-04",
    "employee.id_issued_by": "CA Hải Phòng",
    "contract.type": "seasonal",
    "contract.starts_on": "2020-01-15",
    "contract.ends_on": "2020-06-30",
    "contract.number": "77/2020/HĐTV",
    "contract.signed_on": "2020-01-10",
    "contract.pay_method": "cash",
    "employee.permanent_address": "xã Bắc Sơn, huyện An Dương, Hải Phòng",
}

PAPERS = {
    "side_by_side": ("labour_contract", SIDE_BY_SIDE, SIDE_BY_SIDE_SAYS),
    "letterless_suspension": ("suspension_agreement", LETTERLESS_SUSPENSION, LETTERLESS_SUSPENSION_SAYS),
    "numbered_parties": ("unpaid_leave_agreement", NUMBERED_PARTIES, NUMBERED_PARTIES_SAYS),
    "seasonal_cooperative": ("labour_contract", SEASONAL_COOPERATIVE, SEASONAL_COOPERATIVE_SAYS),
    "party_lines": ("labour_contract", PARTY_LINES, PARTY_LINES_SAYS),
    "bilingual": ("labour_contract", BILINGUAL, BILINGUAL_SAYS),
    "minutes": ("suspension_agreement", MINUTES, MINUTES_SAYS),
    "one_side_leave": ("unpaid_leave_agreement", ONE_SIDE_LEAVE, ONE_SIDE_LEAVE_SAYS),
}
