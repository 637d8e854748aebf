"""The bodies and people of the demo: the fictional city of Tân Giang in its two tiers. Nobody in it exists."""

from __future__ import annotations

from typing import Literal, NamedTuple

from server.core.access import Role

CITY, OFFICE = "UBND-TG", "VP"
# The two tiers began on this day (Law 72/2025/QH15); so do the posts.
SINCE = "2025-07-01"


class Body(NamedTuple):
    """A body by its code; ``parent`` is a code, empty for one that stands alone."""

    code: str
    name: str
    short: str
    tier: Literal["city", "commune"] = "city"
    parent: str = CITY


class Player(NamedTuple):
    """A person: account name, full name, post, body; how they take part in the regular sitting; what is granted."""

    user: str
    name: str
    title: str
    body: str
    part: Literal["member", "guest", ""] = ""
    grants: tuple[Role, ...] = ()


BODIES = (
    Body(CITY, "Ủy ban nhân dân thành phố Tân Giang", "UBND thành phố", parent=""),
    Body("HDND-TG", "Hội đồng nhân dân thành phố Tân Giang", "HĐND thành phố", parent=""),
    Body("VP", "Văn phòng Ủy ban nhân dân thành phố", "Văn phòng UBND"),
    Body("STC", "Sở Tài chính", "Sở Tài chính"),
    Body("SNV", "Sở Nội vụ", "Sở Nội vụ"),
    Body("SXD", "Sở Xây dựng", "Sở Xây dựng"),
    Body("SKHCN", "Sở Khoa học và Công nghệ", "Sở KH&CN"),
    Body("SNNMT", "Sở Nông nghiệp và Môi trường", "Sở NN&MT"),
    Body("SYT", "Sở Y tế", "Sở Y tế"),
    Body("SGDDT", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT"),
    Body("SCT", "Sở Công Thương", "Sở Công Thương"),
    Body("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch", "Sở VH,TT&DL"),
    Body("STP", "Sở Tư pháp", "Sở Tư pháp"),
    Body("TTR", "Thanh tra thành phố", "Thanh tra"),
    Body("PBD", "Ủy ban nhân dân phường Bến Đá", "Phường Bến Đá", "commune"),
    Body("PPL", "Ủy ban nhân dân phường Phú Lâm", "Phường Phú Lâm", "commune"),
    Body("PCM", "Ủy ban nhân dân phường Chợ Mới", "Phường Chợ Mới", "commune"),
    Body("XPLT", "Ủy ban nhân dân xã Phú Lâm Thượng", "Xã Phú Lâm Thượng", "commune"),
    Body("XSC", "Ủy ban nhân dân xã Suối Cát", "Xã Suối Cát", "commune"),
    Body("XCLG", "Ủy ban nhân dân xã Cù Lao Giữa", "Xã Cù Lao Giữa", "commune"),
)

PLAYERS = (
    Player("thuy.nd", "Nguyễn Đăng Thụy", "Chủ tịch", CITY, "member"),
    Player("nguyet.pm", "Phạm Minh Nguyệt", "Phó Chủ tịch", CITY, "member"),
    Player("son.vh", "Vũ Hoài Sơn", "Phó Chủ tịch", CITY, "member"),
    Player("tuyen.dk", "Đỗ Khắc Tuyên", "Chánh Văn phòng", "VP", "member", (Role.OFFICIAL,)),
    Player("chi.htl", "Hoàng Thị Lan Chi", "Giám đốc Sở Tài chính", "STC", "member"),
    Player("nghia.bt", "Bùi Trọng Nghĩa", "Giám đốc Sở Xây dựng", "SXD", "member"),
    Player("lam.dv", "Đặng Văn Lãm", "Giám đốc Sở Nông nghiệp và Môi trường", "SNNMT", "member"),
    Player("uan.tc", "Trịnh Công Uẩn", "Giám đốc Sở Khoa học và Công nghệ", "SKHCN", "member"),
    Player("thao.ltt", "Lương Thị Thu Thảo", "Giám đốc Sở Nội vụ", "SNV", "member"),
    Player("ha.cb", "Châu Bích Hà", "Giám đốc Sở Giáo dục và Đào tạo", "SGDDT", "member"),
    Player("diem.dn", "Đinh Ngọc Diễm", "Giám đốc Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", "member"),
    Player("yen.th", "Tống Hải Yến", "Giám đốc Sở Y tế", "SYT", "member"),
    Player("vinh.qp", "Quách Phú Vinh", "Giám đốc Sở Công Thương", "SCT", "member"),
    Player("liem.ht", "Hồ Thanh Liêm", "Giám đốc Sở Tư pháp", "STP", "member"),
    Player("khai.nv", "Ngô Văn Khải", "Chánh Thanh tra thành phố", "TTR", "member"),
    Player("an.lq", "Lê Quốc An", "Giám đốc Công an thành phố", CITY, "member"),
    Player("dat.cm", "Cù Minh Đạt", "Chỉ huy trưởng Bộ Chỉ huy quân sự thành phố", CITY, "member"),
    Player("nhung.lh", "La Hồng Nhung", "Giám đốc Trung tâm Phục vụ hành chính công", "VP", "member"),
    Player("tung.ms", "Mai Sỹ Tùng", "Trưởng Ban Quản lý các khu công nghiệp", "SCT", "member"),
    Player("phuong.kd", "Kim Duy Phương", "Giám đốc Ban Quản lý dự án giao thông", "SXD", "member"),
    Player("bach.mx", "Mạc Xuân Bách", "Trưởng Ban Kinh tế – Ngân sách", "HDND-TG", "guest"),
    Player("man.tq", "Tạ Quang Mẫn", "Chủ tịch UBND phường Bến Đá", "PBD", "guest"),
    Player("vinh.tt", "Trương Thế Vinh", "Chủ tịch UBND phường Phú Lâm", "PPL", "guest"),
    Player("ngoc.db", "Đoàn Bảo Ngọc", "Chủ tịch UBND phường Chợ Mới", "PCM", "guest"),
    Player("linh.hm", "Hà Mỹ Linh", "Chủ tịch UBND xã Phú Lâm Thượng", "XPLT", "guest"),
    Player("binh.tl", "Thái Long Bình", "Chủ tịch UBND xã Suối Cát", "XSC", "guest"),
    Player("diep.tn", "Thạch Ngọc Điệp", "Phó Chủ tịch UBND xã Cù Lao Giữa", "XCLG", "guest"),
    Player("huong.bt", "Bạch Thu Hương", "Phó Giám đốc Sở Tài chính", "STC", "guest"),
    Player("quyen.dl", "Diệp Lệ Quyên", "Trưởng phòng Quản lý ngân sách, Sở Tài chính", "STC", "guest"),
    Player("kien.pd", "Phan Đức Kiên", "Phó Giám đốc Sở Nông nghiệp và Môi trường", "SNNMT"),
    Player("dung.np", "Ngô Phương Dung", "Chuyên viên Phòng Tổng hợp", "VP", "", (Role.SECRETARY,)),
    Player("hanh.ct", "Cao Thị Hạnh", "Văn thư", "VP", "", (Role.CLERK,)),
    Player("bao.lg", "Lý Gia Bảo", "Quản trị hệ thống", "VP", "", (Role.ADMINISTRATOR,)),
    Player("thach.kv", "Kiều Văn Thạch", "Trưởng phòng Quản lý công trình", "SXD"),
    Player("hang.atb", "Âu Thị Bích Hằng", "Phó Chánh Văn phòng Sở Tài chính", "STC", "", (Role.CLERK,)),
    Player("bao.ld", "Lục Đình Bảo", "Phó Giám đốc Trung tâm Phục vụ hành chính công", "VP"),
    Player("khoi.tm", "Tiêu Minh Khôi", "Phó Giám đốc Sở Khoa học và Công nghệ", "SKHCN"),
    Player("viet.sq", "Sầm Quốc Việt", "Chủ tịch UBND xã Cù Lao Giữa", "XCLG"),
    Player("trang.vt", "Văn Thùy Trang", "Phó Chủ tịch UBND phường Bến Đá", "PBD"),
    Player("loc.gd", "Giang Đình Lộc", "Phó Giám đốc Sở Xây dựng", "SXD"),
    Player("thu.ma", "Mã Anh Thư", "Chuyên viên Phòng Tổng hợp", "VP"),
)

# One-tap roles, in the order of the sign-in page. The member is not invited to the closed item, the chair is.
ROLES = (
    ("chair", "thuy.nd"),
    ("member", "nguyet.pm"),
    ("secretary", "dung.np"),
    ("official", "tuyen.dk"),
    ("clerk", "hanh.ct"),
    ("presenter", "chi.htl"),
    ("invitee", "man.tq"),
    ("administrator", "bao.lg"),
)

CHAIR, MEMBER, DEPUTY, SECRETARY, OFFICIAL = "thuy.nd", "nguyet.pm", "son.vh", "dung.np", "tuyen.dk"
FINANCE, FARMING, HOME, SCIENCE, BUILDING = "chi.htl", "lam.dv", "thao.ltt", "uan.tc", "nghia.bt"
