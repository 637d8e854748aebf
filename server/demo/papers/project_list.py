"""The names of the 64 projects: sector (place in `budget.SECTORS`), name, place, and c running or m new."""

LISTED = """\
0|Nâng cấp đường Vành đai 2, đoạn Cầu Đất – Vạn Xuân|phường Cầu Đất, phường Vạn Xuân|c
0|Cầu Suối Cát và đường dẫn hai đầu cầu|xã Suối Cát|c
0|Đường nối Bàu Sen – Thạnh Đông A|xã Bàu Sen, xã Thạnh Đông A|c
0|Mở rộng đường Nguyễn Văn Đạm (giai đoạn 2)|phường Tân Giang|c
0|Nút giao Ngã Năm Chợ Mới|phường Chợ Mới|c
0|Đường ven sông Giang, đoạn từ Bến Đá đến cống Ba Cửa|phường Bến Đá|c
0|Sửa chữa, gia cố 14 cầu yếu trên đường liên xã|14 xã|c
0|Bến phà Cù Lao Giữa và đường ra bến|xã Cù Lao Giữa|c
0|Đường tránh khu di tích Ngọc Hà Đông|phường Ngọc Hà Đông|c
0|Đường vào Khu công nghiệp Bình Khê (giai đoạn 1)|phường Bình Khê|c
0|Cầu Bàu Sen và đường dẫn hai đầu cầu|xã Bàu Sen|m
0|Cầu Đồi Chè thay cầu tạm|xã Đồi Chè|m
0|Đường nối xã Hòn Dứa với Quốc lộ|xã Hòn Dứa|m
0|Hệ thống tín hiệu giao thông thông minh 36 nút|12 phường|m
1|Trường Trung học phổ thông Vạn Xuân|phường Vạn Xuân|c
1|Trường Tiểu học Cầu Đất 2|phường Cầu Đất|c
1|Trường Mầm non Bến Đá|phường Bến Đá|c
1|Trường Trung học cơ sở Phú Lâm Thượng|xã Phú Lâm Thượng|c
1|Trường Phổ thông nội trú Đồi Chè|xã Đồi Chè|c
1|Xây dựng 96 phòng học thay phòng tạm tại 18 xã|18 xã|c
1|Nhà đa năng 9 trường trung học cơ sở|9 xã, phường|c
1|Trường Trung cấp nghề Tân Giang, xưởng thực hành|phường Tân Giang|c
1|Trường Tiểu học Bình Khê 3|phường Bình Khê|m
1|Trường Mầm non Suối Cát|xã Suối Cát|m
1|Trường Trung học phổ thông Hòn Dứa|xã Hòn Dứa|m
2|Trung tâm Y tế khu vực Phú Lâm, khối điều trị nội trú|phường Phú Lâm|c
2|Nâng cấp 22 trạm y tế xã|22 xã|c
2|Bệnh viện Sản – Nhi thành phố, khối kỹ thuật cao|phường Tân Giang|c
2|Trung tâm Kiểm soát bệnh tật, khu xét nghiệm|phường Chợ Mới|c
2|Xây mới 11 trạm y tế phường, xã sau sắp xếp|11 xã, phường|m
2|Hệ thống bệnh án điện tử các bệnh viện công lập|7 bệnh viện|m
3|Kè chống sạt lở bờ sông Giang, đoạn Cù Lao Giữa|xã Cù Lao Giữa|c
3|Hồ chứa nước Suối Cát|xã Suối Cát|c
3|Kiên cố hóa kênh cấp 2 khu tưới Bàu Sen|xã Bàu Sen|c
3|Trạm bơm tiêu Thạnh Đông A|xã Thạnh Đông A|c
3|Cấp nước sạch liên xã vùng Đồi Chè|xã Đồi Chè và 4 xã lân cận|c
3|Đê bao kết hợp giao thông Cù Lao Giữa|xã Cù Lao Giữa|c
3|Nạo vét, gia cố kênh Ba Cửa|phường Bến Đá, xã Bàu Sen|m
3|Cống ngăn mặn Hòn Dứa|xã Hòn Dứa|m
3|Cảng cá kết hợp khu neo đậu Hòn Dứa|xã Hòn Dứa|m
4|Thoát nước khu trung tâm, lưu vực Chợ Mới|phường Chợ Mới|c
4|Khu tái định cư Vạn Xuân|phường Vạn Xuân|c
4|Khu tái định cư Bình Khê (giai đoạn 2)|phường Bình Khê|c
4|Hạ ngầm cáp viễn thông, điện lực 8 tuyến phố|4 phường|c
4|Chỉnh trang kênh Cầu Đất và hai bờ|phường Cầu Đất|c
4|Nâng cấp hệ thống chiếu sáng tiết kiệm điện|28 phường|c
4|Khu tái định cư Phú Lâm Thượng|xã Phú Lâm Thượng|m
4|Thoát nước khu dân cư Ngọc Hà Đông|phường Ngọc Hà Đông|m
4|Công viên bờ sông Bến Đá|phường Bến Đá|m
5|Khu liên hợp xử lý chất thải rắn Đồi Chè (giai đoạn 1)|xã Đồi Chè|c
5|Trạm xử lý nước thải lưu vực Cầu Đất|phường Cầu Đất|c
5|Đóng cửa bãi rác Thạnh Đông A|xã Thạnh Đông A|c
5|Quan trắc môi trường tự động 18 trạm|18 xã, phường|m
5|Trạm trung chuyển rác 6 cụm xã|6 xã|m
5|Trạm xử lý nước thải lưu vực Phú Lâm|phường Phú Lâm|m
6|Thư viện thành phố|phường Tân Giang|c
6|Tu bổ, tôn tạo di tích đình Ngọc Hà Đông|phường Ngọc Hà Đông|c
6|Nhà văn hóa 15 xã sau sắp xếp|15 xã|m
6|Khu thể thao cộng đồng Vạn Xuân|phường Vạn Xuân|m
6|Bảo tàng sông Giang|phường Bến Đá|m
7|Trung tâm dữ liệu dùng chung thành phố|phường Tân Giang|c
7|Số hóa hồ sơ lưu trữ, hộ tịch 126 xã, phường|126 xã, phường|c
7|Trung tâm giám sát, điều hành thông minh|phường Tân Giang|m
7|Nền tảng dữ liệu đất đai dùng chung|126 xã, phường|m"""
