/** Curves as the `d` of a path, with no more points than there are pixels. */
import { number } from './svg.ts'

/** A point in pixels; a `y` of NaN is a hole. */
export type Point = readonly [x: number, y: number]

/** Straight lines from point to point. Of each pixel column the first, the extremes and the last point remain. */
export function lineThrough(points: Iterable<Point>): string {
  let [path, column, isPen] = ['', Number.NaN, false]
  let kept: Point[] = []
  const flush = (): void => {
    for (const [x, y] of sparse(kept)) {
      path += `${isPen ? 'L' : 'M'}${number(x)} ${number(y)}`
      isPen = true
    }
    kept = []
  }
  for (const point of points) {
    const [x, y] = point
    if (Math.floor(x) !== column || Number.isNaN(y)) flush()
    column = Math.floor(x)
    if (Number.isNaN(y)) isPen = false
    else kept.push(point)
  }
  flush()
  return path
}

/** Steps: each value stands until the next point. The last stands until `end`. */
export function* stepsThrough(points: readonly Point[], end: number): Generator<Point> {
  for (const [index, [x, y]] of points.entries()) {
    yield [x, y]
    yield [points[index + 1]?.[0] ?? end, y]
  }
}

function sparse(points: readonly Point[]): readonly Point[] {
  if (points.length <= 4) return points
  const [low, high] = [points.reduce((a, b) => (b[1] > a[1] ? b : a)), points.reduce((a, b) => (b[1] < a[1] ? b : a))]
  return [...new Set(points.filter((point, index) => index === 0 || index === points.length - 1 || point === low || point === high))]
}
