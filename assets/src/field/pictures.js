// Pictures grow small before they are kept: this also leaves behind what the camera wrote into them, the place among it (S18).
const MOST_PIXELS = 1600;

const HEADS = /^(\xff\xd8\xff|\x89PNG|GIF8|II\*\0|MM\0\*|RIFF[^]{4}WEBP|[^]{4}ftyp(hei|hev|mif|msf|avi))/;

// Whether a file is a picture, by how it begins.
export async function isPicture(file) {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  return file.type.startsWith("image/") || HEADS.test(String.fromCharCode(...head));
}

export async function shrunk(file, mostPixels) {
  const picture = await createImageBitmap(file);
  const most = Math.min(mostPixels || MOST_PIXELS, MOST_PIXELS);
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return made(canvas, "image/jpeg");
}

// A drawing as a picture: black on white, so that it can be printed. It is made at once: whoever goes on right away leaves nothing behind.
export function drawn(strokes) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [600, 200];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  [pen.lineWidth, pen.lineCap, pen.lineJoin] = [3, "round", "round"];
  for (const stroke of strokes.split(";")) {
    pen.beginPath();
    stroke.split(" ").map((point) => point.split(",")).forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }
  const signs = atob(canvas.toDataURL("image/png").split(",")[1]);
  return new Blob([Uint8Array.from(signs, (sign) => sign.charCodeAt(0))], { type: "image/png" });
}

const made = (canvas, type) => new Promise((resolve, reject) => {
  canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture can't be written"))), type, 0.82);
});
