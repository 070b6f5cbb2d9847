// Recordings become plain samples of one channel: what recorded them wrote more into its file, the place among it (S18), and plain samples
// play everywhere.
const RATE = 16_000;
// So long a recording fits into a file of 10 MB.
const MOST_SECONDS = 300;
const HEAD = 44;

export const isLong = (sound) => sound.duration > MOST_SECONDS;

// What is heard in a file, whatever recorded it.
export async function heard(file) {
  return new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer());
}

// A sound as a file.
export function written(sound) {
  const channels = Array.from({ length: sound.numberOfChannels }, (_, at) => sound.getChannelData(at));
  const size = 2 * sound.length;
  const view = new DataView(new ArrayBuffer(HEAD + size));
  const word = (at, text) => [...text].forEach((letter, by) => view.setUint8(at + by, letter.charCodeAt(0)));
  const [four, two] = [(at, value) => view.setUint32(at, value, true), (at, value) => view.setUint16(at, value, true)];
  word(0, "RIFF");
  four(4, HEAD - 8 + size);
  word(8, "WAVEfmt ");
  four(16, 16);
  // Samples as they are, one channel, so many a second, two bytes each.
  two(20, 1);
  two(22, 1);
  four(24, RATE);
  four(28, 2 * RATE);
  two(32, 2);
  two(34, 16);
  word(36, "data");
  four(40, size);
  for (let at = 0; at < sound.length; at++) {
    const loud = channels.reduce((sum, channel) => sum + channel[at], 0) / channels.length;
    view.setInt16(HEAD + 2 * at, Math.max(-1, Math.min(1, loud)) * 0x7fff, true);
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}
