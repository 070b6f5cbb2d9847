// What is drawn on a board of 600 by 200 points, as text: lines apart by `;`, points by spaces.
const most = 38000;

// Draws on the board, tells each change and when the pen is lifted. Answers with the ways to empty it and to ask for the text.
export function strokes(board, begun, changed, lifted = () => {}) {
  let stroke = null;
  const lines = begun ? begun.split(";") : [];
  const text = () => lines.join(";");
  const show = () => {
    board.replaceChildren(
      ...lines.map((points) => {
        const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
        line.setAttribute("points", points);
        return line;
      }),
    );
    changed(text());
  };
  const point = (event) => {
    const at = board.getBoundingClientRect();
    const within = (value, limit) => Math.max(0, Math.min(limit, Math.round(value)));
    return `${within(((event.clientX - at.left) / at.width) * 600, 600)},${within(((event.clientY - at.top) / at.height) * 200, 200)}`;
  };
  board.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    board.setPointerCapture(event.pointerId);
    stroke = lines.push(point(event)) - 1;
    show();
  });
  board.addEventListener("pointermove", (event) => {
    if (stroke === null || text().length > most) return;
    lines[stroke] += ` ${point(event)}`;
    show();
  });
  ["pointerup", "pointercancel"].forEach((name) => board.addEventListener(name, () => {
    if (stroke === null) return;
    stroke = null;
    lifted();
  }));
  show();
  return { text, clear: () => { lines.length = 0; show(); } };
}
