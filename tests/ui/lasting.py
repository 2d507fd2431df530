"""What a page keeps when it is open for long: its memory after a garbage collection, and a clock
that brings the news of an hour in a minute.

Input: a tab of browser.py, before its page is opened (hasten) or after (the rest). Output: figures.
"""
import time

METRICS = {"heap": "JSHeapUsedSize", "nodes": "Nodes", "listeners": "JSEventListeners"}
SPEED = 60
# The page's clock and timers run SPEED times as fast; each SPEED-th part of a second all that the
# websockets told last is told again, changed, as a busy server does each second of that clock. What
# has reached the page is counted in `news`.
HASTEN = """((speed) => {
    const began = Date.now(), now = Date.now, later = setTimeout, tick = performance.now;
    Date.now = () => began + (now.call(Date) - began) * speed;
    performance.now = () => tick.call(performance) * speed;
    window.setTimeout = (act, ms = 0, ...all) => later(act, ms / speed, ...all);
    window.news = { seconds: 0, rows: 0, events: 0, answers: 0 };
    const ask = window.fetch;
    window.fetch = async (...all) => {
        const reply = await ask(...all);
        news.answers += 1;
        return reply;
    };
    const told = new Map();
    const again = () => {
        const rows = news.rows;
        for (const [key, { take, message }] of told) {
            if ("changed" in message) message.changed += 0.01;
            if ("packets" in message) message.packets += 1;
            news["changed" in message ? "rows" : "events"] += 1;
            take({ data: JSON.stringify(message) });
        }
        news.seconds += news.rows > rows; // not while it is connecting again
        dispatchEvent(new Event("pointermove")); // somebody uses it: it asks often
        later(again, 1000 / speed);
    };
    later(again, 1000);
    const Own = WebSocket;
    window.WebSocket = class extends Own {
        set onmessage(take) {
            super.onmessage = (event) => {
                const message = JSON.parse(event.data);
                told.set(message.key ?? Object.keys(message)[0], { take, message });
                take(event);
            };
        }
        set onclose(take) {
            super.onclose = (event) => { told.clear(); take(event); };
        }
    };
})(%d)""" % SPEED


def hasten(page):
    """Has the pages that this tab opens from now on live SPEED times as fast."""
    page.call("Page.addScriptToEvaluateOnNewDocument", source=HASTEN)


def live(page, seconds, patience=120):
    """Waits until so many seconds of the page's clock have brought their news; what came."""
    before = page.evaluate("news")
    page.wait_for(f"news.seconds >= {before['seconds'] + seconds}", patience)
    return {name: count - before[name] for name, count in page.evaluate("news").items()}


def kept(page):
    """Bytes of the heap, nodes, listeners of events: the least of each after some collections,
    for an answer that is under way counts as well."""
    page.call("Performance.enable")
    seen = []
    for _ in range(6):
        page.call("HeapProfiler.collectGarbage")
        metrics = page.call("Performance.getMetrics")["metrics"]
        seen.append({one["name"]: one["value"] for one in metrics})
        time.sleep(0.15)
    return {name: min(one[metric] for one in seen) for name, metric in METRICS.items()}


def growth(before, after):
    """By how much of itself the heap has grown, or the nodes or listeners where that is more."""
    return max(after[name] / before[name] for name in METRICS) - 1


def process_bytes(browser):
    """Memory that the greatest of the processes that hold pages has for itself."""
    processes = browser.call("SystemInfo.getProcessInfo")["processInfo"]
    return max(private_bytes(one["id"]) for one in processes if one["type"] == "renderer")


def private_bytes(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))
