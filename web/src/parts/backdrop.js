// What lies under a map: the tiles of the server's archive, where it has one. Output: { tiles,
// attribution, problem }, another one whenever there is more to draw. The part of the page that
// draws tiles is loaded here, so that nobody else waits for it.

import { useEffect, useState } from "preact/hooks";

import { BACKGROUND, useAnswer } from "../feed.js";
import { visible } from "../format.js";

const MEMBER = "norn.system.tiles";
const question = { path: "system/status.json", command: { fields: [MEMBER] } };

export function useBackdrop() {
  const [state, setState] = useState({});
  const { answer } = useAnswer(question, BACKGROUND);
  const isThere = answer?.[MEMBER] === 1;
  useEffect(() => {
    if (!isThere) return undefined;
    let isOver = false;
    const show = (next) => { if (!isOver) setState(next); };
    const open = async () => {
      const part = await import("../tiles/tiles.js");
      const tiles = await part.open("tiles/map.pmtiles", () => show((now) => ({ ...now })));
      show({ tiles, attribution: visible(tiles.attribution) });
    };
    open().catch(({ message }) => show({ problem: `The tiles of the map cannot be read: ${
      visible(message).slice(0, 200)}` }));
    return () => { isOver = true; };
  }, [isThere]);
  return state;
}
