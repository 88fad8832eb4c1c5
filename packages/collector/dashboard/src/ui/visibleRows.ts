import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const ROW_HEIGHT = 32;
const BEYOND = 12;

export interface VisibleRows {
  readonly first: number;
  readonly last: number;
  readonly rowHeight: number;
}

/** Which of `total` rows are in sight of the scrolling element. `onEnd` is called near the last one. */
export function useVisibleRows(
  scroller: RefObject<HTMLElement | null>,
  total: number,
  scrolls: boolean,
  onEnd: (() => void) | undefined,
): VisibleRows {
  const [top, setTop] = useState(0);
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    const element = scroller.current;
    if (!scrolls || element === null) return undefined;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      setTop(element.scrollTop);
      if (element.scrollTop + element.clientHeight > element.scrollHeight - 10 * ROW_HEIGHT) end.current?.();
    };
    // At most once a frame.
    const later = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    element.addEventListener('scroll', later, { passive: true });
    return () => {
      element.removeEventListener('scroll', later);
      cancelAnimationFrame(frame);
    };
  }, [scrolls]);
  if (!scrolls) return { first: 0, last: total, rowHeight: ROW_HEIGHT };
  const height = scroller.current?.clientHeight ?? 640;
  const first = Math.max(0, Math.min(total, Math.floor(top / ROW_HEIGHT)) - BEYOND);
  return { first, last: Math.min(total, first + Math.ceil(height / ROW_HEIGHT) + 2 * BEYOND), rowHeight: ROW_HEIGHT };
}
