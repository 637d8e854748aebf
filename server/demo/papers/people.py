"""Who signs and receives the demo's papers: the fictional People's Committee of the city of Tân Giang."""

from server.core.printing import Signer

CITY = "Ủy ban nhân dân\nthành phố Tân Giang"
COUNCIL = "Hội đồng nhân dân\nthành phố Tân Giang"
PLACE = "Tân Giang"

CHAIR = Signer(("TM. Ủy ban nhân dân", "Chủ tịch"), "Nguyễn Đăng Thụy")
OFFICE = Signer(("Chánh Văn phòng",), "Đỗ Khắc Tuyên")
FINANCE = Signer(("Giám đốc",), "Hoàng Thị Lan Chi")
SCIENCE = Signer(("Giám đốc",), "Trịnh Công Uẩn")
FARMING = Signer(("Giám đốc",), "Đặng Văn Lãm")
BUILDING = Signer(("Giám đốc",), "Bùi Trọng Nghĩa")
HOME = Signer(("Giám đốc",), "Lương Thị Thu Thảo")
SECRETARY = Signer(("Thư ký",), "Ngô Phương Dung")
COMMITTEE = Signer(("TM. Ban Kinh tế – Ngân sách", "Trưởng Ban"), "Mạc Xuân Bách")
