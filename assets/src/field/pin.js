// The PIN: made once with a network, asked each time after.
import { plain } from "./days.js";
import { button, callout, el, show, t } from "./dom.js";
import * as server from "./server.js";
import * as vaults from "./vault.js";

function field(id, label) {
  const input = el("input", { id, class: "form-control tc-w-short", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12, dir: "ltr", "aria-describedby": "pin-error" });
  return { input, node: el("div", { class: "tc-field" }, el("label", { class: "form-label", for: id }, label), input) };
}

// A form that is never sent anywhere, so that Enter and the keyboard's own button work.
function asking(title, said, parts, error, word, act) {
  const form = el("form", { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    submit.disabled = true;
    await act();
    submit.disabled = false;
  } });
  const submit = button(word, "btn-primary", null, { type: "submit" });
  form.append(...parts, error, el("div", { class: "tc-actions" }, submit));
  show(title, said, form);
}

const problem = () => el("p", { class: "tc-error", id: "pin-error", role: "alert" });

// A new vault needs the server to know the device, so that it can be wiped from afar.
export function makePin(me, said, enter) {
  const [first, second, error] = [field("pin", t("pin_new")), field("pin-again", t("pin_again")), problem()];
  const act = async () => {
    const pin = plain(first.input.value);
    const weak = vaults.weakness(pin) ?? (pin === plain(second.input.value) ? null : "pin_differs");
    if (weak) {
      error.textContent = t(weak);
      first.input.focus();
      return;
    }
    const device = [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!(await server.register(device, me.csrf))) {
      error.textContent = t("pin_online");
      return;
    }
    await enter(await vaults.make(me, pin, device));
  };
  const why = callout("info", t("pin_why"), el("p", {}, t("pin_why_next")));
  asking(t("pin_title"), [said, why].flat(), [first.node, second.node], error, t("pin_set"), act);
}

export function enterPin(record, said, { enter, wiped, others }) {
  const [pin, error] = [field("pin", t("pin_of", { login: record.login })), problem()];
  const act = async () => {
    const { vault, left } = await vaults.unlock(record.user, plain(pin.input.value));
    if (vault) return enter(vault);
    pin.input.value = "";
    pin.input.focus();
    if (left > 0) error.textContent = t("pin_wrong", { left });
    else {
      await wiped(record);
      show(t("pin_gone"), callout("danger", t("pin_gone_why"), el("p", {}, t("pin_gone_next"))), el("a", { class: "btn btn-primary", href: "/field" }, t("go_on")));
    }
    return null;
  };
  const other = others && el("p", {}, button(t("pin_other"), "btn-link", others));
  asking(t("pin_title"), said, [pin.node, other].filter(Boolean), error, t("pin_open"), act);
}
