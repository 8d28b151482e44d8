// The button is armed by typing the number of recipients, in any digits. The server checks it again.
for (const form of document.querySelectorAll("form[data-arm]")) {
  const typed = form.querySelector("[name=typed]"), button = form.querySelector("[type=submit]");
  const latin = (text) => text.replace(/[۰-۹]/g, (d) => d.charCodeAt(0) - 0x6f0).replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 0x660).replace(/\D/g, "");
  const arm = () => { button.disabled = latin(typed.value) !== form.dataset.arm; };
  typed.addEventListener("input", arm);
  arm();
}
