"""`python -m brainmass_rs` is the command `brainmass`."""

import sys

from ._command import main

sys.exit(main())
