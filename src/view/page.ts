/** The page of the live view; all it shows comes by script. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Facial expressions, live</title>
<link rel="stylesheet" href="/style.css">
<script type="module" src="/main.js"></script>
</head>
<body>
<header>
<h1>Facial expressions, live</h1>
<p id="status" role="status" data-state="waiting">Connecting</p>
</header>
<main>
<div class="column">
<section id="camera" aria-label="Camera">
<div id="frame"><canvas id="picture" role="img" aria-label="No picture yet" width="640" height="480"></canvas></div>
<p id="topics"></p>
</section>
<section id="past" aria-labelledby="past-title">
<h2 id="past-title">The last 30 seconds</h2>
<ul id="legend"></ul>
<div id="lanes"></div>
<p id="no-past">Nothing yet</p>
</section>
</div>
<div class="column">
<section id="people" aria-label="Faces">
<div id="cards"></div>
<p id="nobody">No face in the picture</p>
</section>
<section id="times" aria-labelledby="times-title">
<h2 id="times-title">Times</h2>
<dl id="tiles"></dl>
<p class="note">Over the last 10 seconds: the median, and below it the longest but for one in a hundred.</p>
</section>
</div>
</main>
<noscript><p>This page needs JavaScript.</p></noscript>
</body>
</html>
`;
