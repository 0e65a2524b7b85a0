"""A headless Chromium for the tests, spoken to over a pipe: pages are opened from files, scripts run in them, and what they did is kept."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip
HAND_OVER = """import os, sys
ends = [os.dup(int(end)) for end in sys.argv[1:3]]
for end, place in zip(ends, (3, 4)):
    os.dup2(end, place)
    os.set_inheritable(place, True)
os.execv(sys.argv[3], sys.argv[3:])"""  # a browser reads from the third descriptor and writes to the fourth
SENT = "Network.requestWillBeSent"
LONGEST = 60.0  # seconds that an answer may take


def chromium() -> str | None:
    """The browser of this machine, if it has one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One Chromium. Use it as a context; `open` gives a page."""

    def __init__(self, folder: Path) -> None:
        self._asked = 0
        self._buffer = b""
        self._events: list[dict[str, Any]] = []
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        command = [str(chromium()), *FLAGS, f"--user-data-dir={folder}"]
        handed = [sys.executable, "-c", HAND_OVER, str(theirs_in), str(theirs_out), *command]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(handed, pass_fds=(theirs_in, theirs_out), **quiet)
        os.close(theirs_in)
        os.close(theirs_out)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (OSError, subprocess.TimeoutExpired, TimeoutError):
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def open(self, file: Path, *, width: int = 1400, height: int = 900, dark: bool = False) -> Page:
        """A page of a file, loaded."""
        return Page(self, file, width, height, dark)

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Ask, and wait for the answer. Raises TimeoutError, or AssertionError with what the browser said."""
        self._asked += 1
        asked = {"id": self._asked, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._out, json.dumps(asked).encode() + b"\0")
        end = time.monotonic() + LONGEST
        while True:
            told = self._read(end)
            if told.get("id") == asked["id"]:
                assert "error" not in told, f"{method}: {told['error']}"
                return told["result"]
            self._events.append(told)

    def events(self, session: str) -> list[dict[str, Any]]:
        """What a page told by itself."""
        return [one for one in self._events if one.get("sessionId") == session]

    def _read(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(end - time.monotonic(), 0.0))
            if not ready:
                raise TimeoutError("the browser did not answer")
            more = os.read(self._in, 1 << 20)
            if not more:
                raise TimeoutError("the browser has gone")
            self._buffer += more
        first, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(first)


class Page:
    """One page. `requests` are the addresses that it asked for, `complaints` its console errors and uncaught faults."""

    def __init__(self, browser: Browser, file: Path, width: int, height: int, dark: bool) -> None:
        self._browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        self.call("Page.navigate", url=file.resolve().as_uri())
        self.wait("document.readyState === 'complete'")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def run(self, script: str) -> Any:
        """The value of an expression, a promise awaited. Raises AssertionError with the fault of the script."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, condition: str, seconds: float = 30.0) -> None:
        """Until an expression is true."""
        end = time.monotonic() + seconds
        while not self.run(condition):
            assert time.monotonic() < end, f"in vain: {condition}"
            time.sleep(0.05)

    def press(self, key: str) -> None:
        """One key, down and up."""
        codes = {"Tab": 9, "Enter": 13, "ArrowLeft": 37, "ArrowRight": 39}
        typed = {"type": "keyDown", "text": "\r"} if key == "Enter" else {"type": "rawKeyDown"}
        for kind in (typed, {"type": "keyUp"}):
            self.call("Input.dispatchKeyEvent", key=key, code=key, windowsVirtualKeyCode=codes[key], **kind)

    def picture(self, file: Path, selector: str = "body") -> None:
        """A PNG of an element."""
        box = self.run(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height}; })()"
        )
        taken = self.call("Page.captureScreenshot", clip={**box, "scale": 1}, captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(taken["data"]))

    @property
    def requests(self) -> list[str]:
        """What the page asked for from outside itself: blobs and data addresses are inside it."""
        told = [one["params"]["request"]["url"] for one in self._browser.events(self._session) if one["method"] == SENT]
        return [address for address in told if not address.startswith(("blob:", "data:"))]

    @property
    def complaints(self) -> list[str]:
        found = []
        for one in self._browser.events(self._session):
            about = one.get("params", {})
            if one["method"] == "Runtime.exceptionThrown":
                thrown = about["exceptionDetails"]
                found.append(str(thrown.get("exception", thrown).get("description", thrown)))
            if one["method"] == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning", "assert"):
                found.append(str([part.get("value", part.get("description")) for part in about["args"]]))
            if one["method"] == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
                found.append(about["entry"]["text"])
        return found
