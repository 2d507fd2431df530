"""Says at the end of every run how much of the corpus was looked at, or how much was left out."""
from support import corpus

FEATURES = 11  # tests of each 802.11 capture in test_corpus_truth.py
LEFT_OUT = "79 captures x 11 features, 49 of Bluetooth, 574 files and 128 damaged captures"


def pytest_terminal_summary(terminalreporter):
    if not corpus.present():
        terminalreporter.write_line(f"corpus: not here, skipped {LEFT_OUT} (set NORN_CAPTURES)")
        return
    files = sum(len(corpus.files(kind)) for kind in corpus.kinds())
    judged = len(corpus.files("dot11"))
    bluetooth = len(corpus.files("btle")) + len(corpus.files("hci"))
    terminalreporter.write_line(
        f"corpus: {files} files, {judged} of them 802.11 and judged on {FEATURES} features, "
        f"{bluetooth} of them Bluetooth")
