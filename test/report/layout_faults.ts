/// <reference lib="dom" />

/** What is wrong with the layout of the page that is open, in words; runs in the browser. */
export function layoutFaults(): string[] {
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} px wide where ${clientWidth} are there`);
  for (const element of document.querySelectorAll('section, figure, svg, table, h1, h2, h3')) {
    const { width, height } = element.getBoundingClientRect();
    if (width <= 0 || height <= 0) faults.push(`<${element.tagName} id="${element.id}"> is ${width} x ${height}`);
  }
  const written = /\b(NaN|undefined|Infinity|null)\b|\[object/.exec(document.body.textContent);
  if (written) faults.push(`"${written[0]}" stands in the page`);
  const SLACK = 1;
  for (const svg of document.querySelectorAll('svg')) {
    const name = svg.getAttribute('aria-label');
    const outer = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text')].map((text) => ({
      text: text.firstChild?.textContent ?? '',
      box: text.getBoundingClientRect(),
    }));
    for (const { text, box } of boxes) {
      if (
        box.left < outer.left - SLACK ||
        box.right > outer.right + SLACK ||
        box.top < outer.top - SLACK ||
        box.bottom > outer.bottom + SLACK
      ) {
        faults.push(`${name}: "${text}" sticks out`);
      }
    }
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        // Boxes of text hold room above and below the letters, which may touch.
        if (across > SLACK && down > 0.25 * Math.min(a.box.height, b.box.height)) {
          faults.push(`${name}: "${a.text}" and "${b.text}" overlap`);
        }
      }
    }
    for (const shape of svg.querySelectorAll('rect, path, circle, line')) {
      const text = shape.outerHTML.replace(/<title>.*?<\/title>/s, '');
      if (/NaN|Infinity|undefined|="-\d/.test(text.replace(/ d="[^"]*"/, '')) || / d="[^"]*[NIu]/.test(text)) {
        faults.push(`${name}: ${text}`);
      }
    }
  }
  return faults;
}
