// Days and times as people type them: ISO, or day before month as the four languages write them; digits of any of their scripts.
export function plain(text) {
  return text
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
    .replace(/[\u200e\u200f\u061c]/g, "")
    .trim();
}

// Text without what moves, hides or reorders what stands around it, as the server keeps it.
export const readable = (text) => text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u206f\u200b\u2060-\u2064\ufeff\u00ad\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu, "");

const two = (number) => String(number).padStart(2, "0");
const iso = (year, month, day) => `${year}-${two(month)}-${two(day)}`;

// A day of the calendar as `2026-11-27`, or what was typed where it is none: the engine says so.
export function day(typed, appearance = "") {
  const text = plain(typed);
  const parts = text.split(/[\s./،-]+/).filter(Boolean);
  const exists = (year, month, on) => {
    const date = new Date(Date.UTC(year, month - 1, on));
    return String(year).length === 4 && date.getUTCMonth() === month - 1 && date.getUTCDate() === on;
  };
  if (!parts.every((part) => /^\d{1,4}$/.test(part))) return text;
  const numbers = parts.map(Number);
  let [year, month, on] = parts[0]?.length === 4 ? numbers : [...numbers].reverse();
  if (appearance.includes("year") && numbers.length === 1) [month, on] = [1, 1];
  if (numbers.length === 2 && appearance.includes("month-year")) on = 1;
  if (numbers.length > 3 || !month || !on) return text;
  return exists(year, month, on) ? iso(year, month, on) : text;
}

// A time of day as `09:30:00.000+03:00`, with the offset that the clocks have now or had at another moment.
export function time(typed, then = () => new Date()) {
  const text = plain(typed);
  const [, hours, minutes] = /^(\d{1,2})[:.hH](\d{2})$/.exec(text) ?? [];
  if (hours === undefined || hours > 23 || minutes > 59) return text;
  const clock = `${two(hours)}:${minutes}:00.000`;
  return `${clock}${offset(then(clock))}`;
}

// At a moment that there is none of, as of now.
function offset(at) {
  const minutes = -(Number.isNaN(at.getTime()) ? new Date() : at).getTimezoneOffset();
  if (minutes === 0) return "Z";
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

// A day with a time, typed as one after the other: with the offset of that day, which in summer is another than in winter.
export function moment(typedDay, typedTime) {
  const on = day(typedDay);
  const at = time(typedTime, (clock) => new Date(`${on}T${clock}`));
  if (!on && !at) return "";
  return `${on}T${at}`;
}

// How an answer stands in its field: the day first, as it is typed.
export function shownDay(value, appearance = "") {
  const [, year, month, on] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  if (!year) return value;
  if (appearance.includes("month-year")) return `${month}/${year}`;
  return appearance.includes("year") ? year : `${on}/${month}/${year}`;
}

export const shownTime = (value) => /^(\d{2}:\d{2})(:|$)/.exec(value)?.[1] ?? value;

export function number(typed) {
  return plain(typed).replace("٫", ".").replace(/^(-?\d+),(\d+)$/, "$1.$2");
}
