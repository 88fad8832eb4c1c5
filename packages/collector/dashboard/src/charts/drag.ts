/** In pixels from the upper left corner of the element. */
export interface Corners {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A move of fewer pixels is a click. */
const LEAST = 5;
/** A box that is less high than this is meant as a band over the full height. */
const BAND_HEIGHT = 24;

export function setBox(box: HTMLElement, left: number, top: number, right: number, bottom: number): void {
  Object.assign(box.style, {
    left: `${left}px`,
    top: `${top}px`,
    width: `${right - left}px`,
    height: `${bottom - top}px`,
  });
}

/** Lets the pointer drag a box over `over`. Calls `onBox` once for each, when it is let go. */
export function dragBox(over: HTMLElement, onBox: (corners: Corners) => void): void {
  over.onpointerdown = (down) => {
    if (down.button !== 0) return;
    const edges = over.getBoundingClientRect();
    const box = document.createElement('div');
    box.className = 'dragged';
    let corners: Corners | null = null;
    over.setPointerCapture(down.pointerId);
    over.onpointermove = (move) => {
      corners = cornersOf(edges, down, move);
      if (corners === null) box.remove();
      else {
        setBox(box, corners.left, corners.top, corners.right, corners.bottom);
        if (!box.isConnected) over.append(box);
      }
    };
    over.onpointerup = over.onpointercancel = (end) => {
      over.onpointermove = over.onpointerup = over.onpointercancel = null;
      box.remove();
      if (end.type === 'pointerup' && corners !== null) onBox(corners);
    };
  };
}

function cornersOf(edges: DOMRect, from: PointerEvent, to: PointerEvent): Corners | null {
  if (Math.max(Math.abs(to.clientX - from.clientX), Math.abs(to.clientY - from.clientY)) < LEAST) return null;
  const within = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  const [x0, x1] = [from.clientX, to.clientX].map((x) => within(x - edges.left, edges.width)).sort((a, b) => a - b);
  const [y0, y1] = [from.clientY, to.clientY].map((y) => within(y - edges.top, edges.height)).sort((a, b) => a - b);
  const [left = 0, right = 0, top = 0, bottom = 0] = [x0, x1, y0, y1];
  return bottom - top < BAND_HEIGHT ? { left, right, top: 0, bottom: edges.height } : { left, right, top, bottom };
}
