"""``python -m thidua_xlsx``: the command line."""

from thidua_xlsx.cli import main

if __name__ == "__main__":
    main()
