"""What each kind of project is for, as its sheet in the annex tells it."""

GOALS = {
    "Giao thông": (
        "Nối thông các xã, phường sau sắp xếp, giảm ùn tắc và tai nạn trên tuyến; đường cấp IV đồng bằng "
        "trở lên, mặt đường bê tông nhựa, thoát nước, chiếu sáng và cây xanh đồng bộ"
    ),
    "Giáo dục và đào tạo": (
        "Đủ phòng học cho học hai buổi mỗi ngày, thay phòng tạm; công trình cấp III, phòng bộ môn, nhà vệ "
        "sinh, sân tập và hệ thống phòng cháy, chữa cháy theo quy chuẩn"
    ),
    "Y tế": (
        "Nâng năng lực khám, chữa bệnh ban đầu tại chỗ; công trình cấp III, trang thiết bị theo danh mục "
        "của tuyến, xử lý nước thải và chất thải y tế tại nguồn"
    ),
    "Nông nghiệp, thủy lợi": (
        "Chủ động tưới, tiêu và phòng, chống sạt lở, xâm nhập mặn; công trình cấp III, tần suất thiết kế "
        "2%, kết hợp đường quản lý vận hành"
    ),
    "Hạ tầng đô thị": (
        "Giảm điểm ngập, chỉnh trang khu ở hiện hữu và tạo quỹ đất tái định cư; hạ tầng kỹ thuật đồng bộ, "
        "đấu nối với mạng lưới chung của thành phố"
    ),
    "Môi trường": (
        "Thu gom, xử lý đúng quy chuẩn chất thải phát sinh trên lưu vực; công nghệ xử lý được thẩm định, "
        "quan trắc tự động truyền số liệu về Sở Nông nghiệp và Môi trường"
    ),
    "Văn hóa, thể thao": (
        "Đáp ứng sinh hoạt văn hóa, thể thao của người dân nơi mới sắp xếp; công trình cấp III, giữ gìn "
        "cảnh quan, bảo đảm tiếp cận cho người khuyết tật và người cao tuổi"
    ),
}

DIGITAL_GOAL = (
    "Dùng chung dữ liệu, thay xử lý thủ công; đáp ứng an toàn hệ thống thông tin cấp độ 3, "
    "kết nối với nền tảng chia sẻ dữ liệu của thành phố"
)
