"""`python -m energynet`: the same as the command `energynet`."""

from __future__ import annotations

from energynet.cli.main import main

if __name__ == "__main__":
    main()
