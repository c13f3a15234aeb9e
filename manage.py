#!/usr/bin/env python
"""Canvas Review's command line."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canvas_review.settings")
    from canvas_review.commands import CommandLine

    CommandLine(sys.argv).execute()
