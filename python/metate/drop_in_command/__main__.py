"""`python -m dpctl`: see `metate.drop_in_command`."""

import sys

from metate.drop_in_command import main

sys.exit(main())
