// Channels as people know them. Input: frequencies in kHz, names of channels. Output: bands,
// channel numbers (IEEE 802.11, annex E), order.

export const bands = {
  sub: "Below 1 GHz",
  2: "2.4 GHz",
  5: "5 GHz",
  6: "6 GHz",
  60: "60 GHz",
  "": "Other",
};

/** Name of the band of a frequency: a key of `bands`. */
export function bandOf(kilohertz) {
  const megahertz = kilohertz / 1000;
  if (!megahertz) return "";
  if (megahertz < 1000) return "sub";
  if (megahertz >= 2400 && megahertz < 2500) return "2";
  if (megahertz >= 4900 && megahertz < 5925) return "5";
  if (megahertz >= 5925 && megahertz < 7200) return "6";
  return megahertz > 50_000 ? "60" : "";
}

/** Number of the channel at a frequency, as a text; empty for none. */
export function channelAt(kilohertz) {
  const megahertz = kilohertz / 1000;
  if (megahertz === 2484) return "14";
  if (megahertz === 5935) return "2";
  const begin = { 2: 2407, 5: 5000, 6: 5950 }[bandOf(kilohertz)];
  const number = (megahertz - begin) / 5;
  return begin && Number.isInteger(number) ? String(number) : "";
}

/** Band of a channel's name, such as 6, 36HT40+, 37W6e or 149VHT80. */
export function bandOfName(name) {
  const number = parseInt(name, 10);
  if (/w6e/i.test(name)) return "6";
  if (/ah|mhz/i.test(name) || Number.isNaN(number)) return "";
  return number <= 14 ? "2" : number < 200 ? "5" : "";
}

const rank = { sub: 0, 2: 1, 5: 2, 6: 3, 60: 4, "": 5 };

/** For sorting names of channels: by band, number, width. */
export function compareNames(a, b) {
  return rank[bandOfName(a)] - rank[bandOfName(b)] || parseInt(a, 10) - parseInt(b, 10)
    || a.localeCompare(b);
}
