// The line on which a grid of numbers is at a level, as the pen's path: whoever asks strokes it.
// `at` is where the grid lies, from the middle of its first square to that of its last. A picture
// may hold a dozen such lines in every frame, so a square that nothing crosses makes no objects.
export function contour(pen, at, grid, rows, cols, level) {
  const [dx, dy] = [at.wide / (cols - 1), at.high / (rows - 1)];
  const place = ([c, r]) => [at.left + dx * c, at.top + dy * r];
  pen.beginPath();
  for (let r = 0; r + 1 < rows; r++) for (let c = 0; c + 1 < cols; c++) {
    const k = r * cols + c;
    const low = grid[k] < level;
    if (low === grid[k + 1] < level && low === grid[k + cols + 1] < level &&
      low === grid[k + cols] < level) continue;
    const corner = [[c, r, grid[k]], [c + 1, r, grid[k + 1]],
      [c + 1, r + 1, grid[k + cols + 1]], [c, r + 1, grid[k + cols]]];
    const hits = [];
    for (let s = 0; s < 4; s++) {
      const [a, b] = [corner[s], corner[(s + 1) % 4]];
      if ((a[2] < level) === (b[2] < level)) continue;
      const f = (level - a[2]) / (b[2] - a[2]);
      hits.push(place([a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1])]));
    }
    for (let s = 0; s + 1 < hits.length; s += 2) {
      pen.moveTo(...hits[s]);
      pen.lineTo(...hits[s + 1]);
    }
  }
}
