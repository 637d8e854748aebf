"""Why an act or a signature is refused, and what a person can do about it."""

from __future__ import annotations

from server.core.errors import ErrorSpec, register

register(
    ErrorSpec("signatures.not_official", 409, "Chưa gửi ký: {name} không chủ tọa và không có vai trò người ký."),
    ErrorSpec("signatures.waiting", 409, "Chưa gửi ký: văn bản đang chờ {name} ký. Ký lần lượt từng người."),
    ErrorSpec("signatures.already_signed", 409, "Chưa gửi ký: {name} đã ký bản này."),
    ErrorSpec("signatures.recalled", 409, "Chưa gửi ký: văn bản đã thu hồi."),
    ErrorSpec("signatures.signed", 409, "Chưa ghi: văn bản này đã ký rồi."),
    ErrorSpec("signatures.returned", 409, "Chưa ghi: văn bản này đã trả lại, không còn chờ ký."),
    ErrorSpec("signatures.withdrawn", 409, "Chưa ghi: văn bản đã có bản mới hoặc đã rút, không còn chờ ký."),
    ErrorSpec("signatures.other_bytes", 409, "Chưa ký: văn bản trên máy này khác bản chờ ký. Mở lại rồi ký."),
    ErrorSpec("signatures.other_act", 409, "Chưa ghi: văn bản này chờ việc khác. Mở lại hộp chờ ký."),
    ErrorSpec("signatures.batch_size", 400, "Chưa ký: mỗi lượt ký từ 1 đến {limit} văn bản khác nhau."),
    ErrorSpec("signatures.no_initial_field", 422, "Chưa ký nháy: trang không có ô ký nháy. Ký nháy không dùng khóa."),
    ErrorSpec("signatures.not_allowed_now", 403, "Chưa ký: không còn vai trò người ký của cơ quan này."),
    ErrorSpec("signatures.no_key", 409, "Chưa ký: chưa có khóa ký. Nhờ quản trị hệ thống đăng ký khóa."),
    ErrorSpec("signatures.wrong_password", 403, "Chưa ký: sai mật khẩu khóa ký."),
    ErrorSpec("signatures.key_changed", 409, "Chưa ký: tệp khóa không khớp chứng thư đã đăng ký. Báo quản trị."),
    ErrorSpec("signatures.self_check", 422, "Chưa ký: bản vừa ký không qua được kiểm tra lại. Bản gốc còn nguyên."),
    ErrorSpec("signatures.no_remarks", 400, "Chưa trả lại: ghi lý do để thư ký sửa."),
    ErrorSpec("signatures.too_long", 400, "Chưa lưu: dài hơn {limit} ký tự."),
    ErrorSpec(
        "signatures.file_keys_refused",
        403,
        "Chưa đăng ký: khóa trong tệp chỉ dùng để trình diễn và thử nghiệm, vì ai chép được tệp là có khóa. Ký thật"
        " dùng token, HSM hoặc ký số từ xa. Hệ thống thử nghiệm đặt allow_file_keys = true.",
    ),
    ErrorSpec("signatures.other_name", 422, "Chưa đăng ký: chứng thư ghi tên “{holder}”, không phải “{name}”."),
    ErrorSpec("signatures.bad_root", 500, "Tệp trust/{name} không phải chứng thư gốc (PEM). Sửa hoặc bỏ tệp này."),
)

# Why the library refuses (``signing.errors.CODES``), and what a person can do about it, where there is something.
register(
    ErrorSpec("signing.pdf_unreadable", 422, "Chưa ký: không đọc được tệp PDF. In lại ra PDF rồi gửi ký."),
    ErrorSpec("signing.pdf_encrypted", 422, "Chưa ký: tệp PDF bị mã hóa. Bỏ mã hóa rồi gửi ký."),
    ErrorSpec("signing.pdf_xfa", 422, "Chưa ký: tệp PDF là biểu mẫu XFA. In ra PDF thường rồi gửi ký."),
    ErrorSpec(
        "signing.pdf_hybrid",
        422,
        "Chưa ký: tệp PDF có hai bảng mục lục, có thể hiện khác nhau. In lại ra PDF rồi gửi ký.",
    ),
    ErrorSpec(
        "signing.pdf_trailing_bytes", 422, "Chưa ký: sau phần cuối tệp PDF còn dữ liệu lạ. In lại ra PDF rồi gửi ký."
    ),
    ErrorSpec("signing.pdf_locked", 422, "Chưa ký: chữ ký trước đã khóa tệp, không ký thêm được."),
    ErrorSpec("signing.field_taken", 422, "Chưa ký: ô chữ ký “{field}” đã có chữ ký."),
    ErrorSpec("signing.field_not_signature", 422, "Chưa ký: ô “{field}” không phải ô chữ ký."),
    ErrorSpec("signing.field_without_box", 422, "Chưa ký: ô chữ ký “{field}” không có chỗ trên trang."),
    ErrorSpec("signing.page_missing", 422, "Chưa ký: tệp không có trang để đặt chữ ký."),
    ErrorSpec(
        "signing.page_rotated", 422, "Chưa ký: trang đặt chữ ký bị xoay. In lại ra PDF cho thẳng trang rồi gửi ký."
    ),
    ErrorSpec("signing.box_outside_page", 422, "Chưa ký: chỗ đặt chữ ký nằm ngoài trang."),
    ErrorSpec("signing.image_invalid", 422, "Chưa nhận: ảnh chữ ký không phải PNG lành lặn."),
    ErrorSpec("signing.image_too_large", 422, "Chưa nhận: ảnh chữ ký quá lớn. Thu nhỏ xuống dưới 4 triệu điểm ảnh."),
    ErrorSpec("signing.font_missing", 422, "Chưa ký: máy chủ thiếu phông chữ. Báo quản trị hệ thống."),
    ErrorSpec("signing.font_invalid", 422, "Chưa ký: phông chữ trên máy chủ bị hỏng. Báo quản trị hệ thống."),
    ErrorSpec(
        "signing.glyph_missing", 422, "Chưa ký: phông chữ trên máy chủ thiếu chữ {letters}. Báo quản trị hệ thống."
    ),
    ErrorSpec("signing.stamp_text_too_long", 422, "Chưa ký: dòng chữ trong ô chữ ký quá dài."),
    ErrorSpec(
        "signing.seal_too_large",
        422,
        "Chưa đóng dấu: dấu rộng {width} mm, ô trên trang chỉ {room} mm. In lại rồi ký.",
    ),
    ErrorSpec("signing.p12_unreadable", 422, "Chưa nhận: không mở được tệp khóa, do sai mật khẩu hoặc tệp hỏng."),
    ErrorSpec("signing.p12_incomplete", 422, "Chưa nhận: tệp khóa thiếu khóa hoặc chứng thư."),
    ErrorSpec("signing.certificate_unreadable", 422, "Chưa nhận: không đọc được chứng thư."),
    ErrorSpec("signing.certificate_expired", 422, "Chưa ký: chứng thư đã hết hạn từ {until}."),
    ErrorSpec("signing.certificate_not_yet_valid", 422, "Chưa ký: chứng thư có hiệu lực từ {since}."),
    ErrorSpec("signing.certificate_wrong_purpose", 422, "Chưa ký: chứng thư không được cấp để ký văn bản."),
    ErrorSpec("signing.key_unsupported", 422, "Chưa nhận: loại khóa này không được hỗ trợ. Dùng ECDSA hoặc RSA."),
    ErrorSpec("signing.key_too_weak", 422, "Chưa nhận: khóa quá ngắn. Dùng ECDSA từ 256 bit hoặc RSA từ 2048 bit."),
    ErrorSpec("signing.pdf_active", 422, "Chưa ký: tệp PDF có lệnh tự chạy ({what}). In lại ra PDF thường rồi gửi ký."),
    ErrorSpec(
        "signing.pdf_attachments", 422, "Chưa ký: tệp PDF có tệp đính kèm bên trong. Bỏ tệp đính kèm rồi gửi ký."
    ),
    ErrorSpec("signing.pdf_certified", 422, "Chưa ký: người lập đã chứng nhận và khóa tệp PDF này."),
    ErrorSpec("signing.pdf_too_large", 422, "Chưa ký: tệp quá lớn, tối đa {limit}."),
    ErrorSpec("signing.not_approved", 422, "Chưa ký: tệp khác bản đã duyệt. Bản đã duyệt còn nguyên; ký bản đó."),
    ErrorSpec("signing.pdf_foreign_signature", 422, "Chưa nhận dự thảo: tệp đã có chữ ký “{field}”."),
    ErrorSpec("signing.page_not_a4", 422, "Chưa nhận dự thảo: trang {page} không phải khổ A4."),
    ErrorSpec(
        "signing.font_not_embedded",
        422,
        "Chưa nhận dự thảo: phông chữ {font} không nằm trong tệp, máy khác sẽ hiện khác. Xuất lại PDF kèm phông chữ.",
    ),
    ErrorSpec("signing.field_exists", 422, "Chưa đặt ô: tệp đã có ô “{field}”."),
    ErrorSpec("signing.field_missing", 422, "Chưa điền: tệp không có ô chữ “{field}”."),
    ErrorSpec("signing.issuer_untrusted", 422, "Chưa ký: nơi cấp chứng thư không có trong danh sách tin cậy."),
    ErrorSpec("signing.certificate_revoked", 422, "Chưa ký: chứng thư đã bị thu hồi."),
    ErrorSpec(
        "signing.revocation_unknown", 503, "Chưa ký: chưa hỏi được chứng thư còn hiệu lực hay đã thu hồi. Thử lại sau."
    ),
    ErrorSpec("signing.key_in_file", 403, "Chưa ký: khóa trong tệp chỉ dùng để trình diễn. Dùng token, HSM, ký từ xa."),
    ErrorSpec("signing.key_missing", 422, "Chưa ký: thiết bị không có khóa hoặc chứng thư “{name}”."),
    ErrorSpec("signing.key_unreachable", 503, "Chưa ký: không liên lạc được với thiết bị giữ khóa. Cắm lại, thử lại."),
    ErrorSpec("signing.pin_wrong", 403, "Chưa ký: sai mã PIN. Nhập sai nhiều lần thiết bị sẽ khóa."),
    ErrorSpec("signing.mechanism_missing", 422, "Chưa ký: thiết bị không ký được theo {name}."),
    ErrorSpec("signing.service_refused", 502, "Chưa ký: dịch vụ ký từ xa từ chối ({why})."),
    ErrorSpec("signing.request_invalid", 422, "Chưa nhận: yêu cầu cấp chứng thư hỏng hoặc không do khóa này ký."),
    ErrorSpec("signing.tsa_missing", 500, "Chưa ký: chưa cấu hình dịch vụ dấu thời gian. Báo quản trị hệ thống."),
    ErrorSpec("signing.tsa_unreachable", 503, "Chưa ký: dịch vụ dấu thời gian {host} không trả lời. Thử lại sau."),
    ErrorSpec("signing.tsa_refused", 502, "Chưa ký: dịch vụ dấu thời gian từ chối ({status})."),
    ErrorSpec("signing.tsa_mismatch", 502, "Chưa ký: dấu thời gian nhận được không đúng cho tệp này."),
    ErrorSpec("signing.tsa_untrusted", 502, "Chưa ký: dấu thời gian do nơi không tin cậy cấp."),
    ErrorSpec("signing.clock_skew", 503, "Chưa ký: đồng hồ máy chủ lệch {seconds} giây so với dấu thời gian."),
    ErrorSpec(
        "signing.upload_not_ours",
        422,
        "Chưa nhận: tệp này không phải tệp được giao để ký, hoặc phần mềm ký đã ghi lại cả tệp. Tải lại tệp rồi ký.",
    ),
    ErrorSpec("signing.upload_unsigned", 422, "Chưa nhận: trong tệp chưa có chữ ký mới. Ký tệp xong rồi gửi lại."),
    ErrorSpec("signing.upload_invalid", 422, "Chưa nhận: chữ ký trong tệp không hợp lệ ({why})."),
    ErrorSpec("signing.prepared_changed", 422, "Chưa ký: tệp đang ký đã thay đổi. Bản gốc còn nguyên; ký lại."),
    ErrorSpec("signing.signature_mismatch", 422, "Chưa ký: khóa không khớp chứng thư. Bản gốc còn nguyên."),
    ErrorSpec("signing.signature_too_large", 422, "Chưa ký: chữ ký dài hơn chỗ dành sẵn. Báo quản trị hệ thống."),
)
