// Runs before the app, in ES5, also where the app cannot: says in words that the system must be updated.
(function () {
  var fits =
    typeof Promise !== "undefined" &&
    typeof Promise.withResolvers === "function" &&
    typeof AbortSignal !== "undefined" &&
    typeof AbortSignal.any === "function" &&
    typeof CSS !== "undefined" &&
    CSS.supports("color", "light-dark(#fff, #000)");
  if (fits) return;
  document.addEventListener("DOMContentLoaded", function () {
    var page = document.createElement("main");
    page.setAttribute("style", "font:18px/28px sans-serif;max-width:32em;margin:15vh auto;padding:0 24px");
    var title = document.createElement("h1");
    title.appendChild(document.createTextNode("Máy này cần cập nhật hệ điều hành"));
    var text = document.createElement("p");
    text.appendChild(
      document.createTextNode(
        "Phiên chạy trên iPadOS 18.4, Chrome 125 hoặc mới hơn. Tài liệu và ghi chú vẫn an toàn trên máy chủ. " +
          "Mở Cài đặt, Cài đặt chung, Cập nhật phần mềm, sau đó mở lại Phiên."
      )
    );
    page.appendChild(title);
    page.appendChild(text);
    document.body.appendChild(page);
  });
})();
