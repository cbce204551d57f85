"""Draws what a program wrote to a terminal as PNG, the way a terminal of today shows it: xterm.js in headless Chromium.

The bytes go to the page as they were written, with every change of size where it happened. HOOKLINE_XTERM names the folder
`npm install @xterm/xterm` was done in, and `chromium` has to be there; ./dev screenshots does both. The page is a file:
nothing is fetched.
"""
import base64
import html
import json
import os
import re
import subprocess
import tempfile

FONT = "'DejaVu Sans Mono', monospace"
FONT_SIZE = 14
MARGIN, TITLE_HEIGHT = 14, 30
SCALE = 2
SECONDS = 60

# The page writes how large it is into its title's data once everything is on it.
PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="%(xterm)s/css/xterm.css">
<style>html, body { margin: 0; overflow: hidden; background: %(paper)s }
#window { display: inline-block; padding: %(top)dpx %(margin)dpx %(margin)dpx; position: relative; background: %(paper)s }
#title { position: absolute; top: 8px; left: 0; right: 0; text-align: center; color: #7f848e; font: 13px %(font)s }
.dot { position: absolute; top: 11px; width: 11px; height: 11px; border-radius: 50%% }
.xterm-viewport { overflow: hidden !important } .xterm .scrollbar { display: none !important }</style>
<div id="window">%(title)s<div id="terminal"></div></div>
<script src="%(xterm)s/lib/xterm.js"></script><script>
const terminal = new Terminal({cols: %(columns)d, rows: %(rows)d, fontFamily: %(font_text)s, fontSize: %(size)d,
  lineHeight: 1, cursorBlink: false, scrollback: 0, allowTransparency: false, theme: %(theme)s});
terminal.open(document.getElementById("terminal"));
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const parts = %(parts)s;
function next(i) {
  if (i < parts.length) {
    if (parts[i].columns) terminal.resize(parts[i].columns, parts[i].rows);
    terminal.write(bytes(parts[i].data), () => next(i + 1));
  } else {
    setTimeout(() => {
      const box = document.getElementById("window").getBoundingClientRect();
      document.documentElement.dataset.size = Math.ceil(box.width) + "x" + Math.ceil(box.height);
    }, 100);
  }
}
document.fonts.ready.then(() => next(0));
</script>
"""

DARK = {"background": "#16181d", "foreground": "#d7dae0", "cursor": "#d7dae0", "black": "#16181d", "red": "#e06c75",
        "green": "#8fc379", "yellow": "#e5c07b", "blue": "#61afef", "magenta": "#c678dd", "cyan": "#56b6c2",
        "white": "#d7dae0", "brightBlack": "#7f848e", "brightRed": "#ff7b86", "brightGreen": "#a5e075",
        "brightYellow": "#ffd68a", "brightBlue": "#82cfff", "brightMagenta": "#de8ffa", "brightCyan": "#70d7e3",
        "brightWhite": "#ffffff"}
LIGHT = {"background": "#fdfdfb", "foreground": "#24292f", "cursor": "#24292f", "black": "#24292f", "red": "#b3261e",
         "green": "#1a7f37", "yellow": "#8a6100", "blue": "#0550ae", "magenta": "#8250df", "cyan": "#0f6d77",
         "white": "#e6e6e2", "brightBlack": "#6e7781", "brightRed": "#a40e26", "brightGreen": "#116329",
         "brightYellow": "#7d4e00", "brightBlue": "#0969da", "brightMagenta": "#6639ba", "brightCyan": "#1b7c83",
         "brightWhite": "#ffffff"}
THEMES = {"dark": DARK, "light": LIGHT}


def window_title(title):
    if not title:
        return ""
    dots = "".join('<div class="dot" style="left:%dpx;background:%s"></div>' % (14 + 18 * i, fill)
                   for i, fill in enumerate(("#ff5f57", "#febc2e", "#28c840")))
    return '%s<div id="title">%s</div>' % (dots, html.escape(title))


def page(recording, title, theme):
    """`recording`: (columns, rows, bytes written at that size), one for each size there was."""
    parts = [{"data": base64.b64encode(data).decode(), "columns": columns, "rows": rows}
             for columns, rows, data in recording]
    return PAGE % {
        "xterm": "file://" + os.path.join(os.path.abspath(os.environ["HOOKLINE_XTERM"]), "node_modules/@xterm/xterm"),
        "paper": THEMES[theme]["background"], "top": TITLE_HEIGHT if title else MARGIN, "margin": MARGIN, "font": FONT,
        "font_text": json.dumps(FONT), "size": FONT_SIZE, "title": window_title(title), "columns": recording[0][0],
        "rows": recording[0][1], "theme": json.dumps(THEMES[theme]), "parts": json.dumps(parts)}


def chromium(folder, *options):
    words = ["chromium", "--headless", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files",
             "--user-data-dir=" + os.path.join(folder, "profile"), "--virtual-time-budget=20000",
             "--disable-background-networking", "--force-device-scale-factor=%d" % SCALE]
    if os.geteuid() == 0:
        words.append("--no-sandbox")  # it refuses to run as root with one; the page is our own
    done = subprocess.run(words + list(options), capture_output=True, timeout=SECONDS, check=True)
    return done.stdout.decode(errors="replace")


def draw(recording, path, title=None, theme="dark"):
    """Writes the PNG. The page is opened twice: to learn how large it is, and for the picture."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "terminal.html")
        with open(file, "w", encoding="utf-8") as out:
            out.write(page(recording, title, theme))
        size = re.search(r'data-size="(\d+)x(\d+)"', chromium(folder, "--window-size=2400,1800", "--dump-dom", "file://" + file))
        if not size:
            raise AssertionError("xterm.js did not show what was written")
        chromium(folder, "--window-size=%s,%s" % size.groups(), "--screenshot=" + os.path.abspath(path), "file://" + file)
        if not os.path.exists(path):
            raise AssertionError("Chromium wrote no " + path)
