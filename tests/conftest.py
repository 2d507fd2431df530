"""Makes tests/support importable for every test below, wherever pytest is started."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
