"""drop_in_command – the command line of dpctl, ``python -m dpctl``, as far as Metate has what it says.

The stand-in for dpctl takes modules from this folder, where Python looks for `__main__`.
"""

import argparse

from ..platforms import lsplatform

#: By option what it has lsplatform print.
_LISTINGS = {
    ("-s", "--summary"): (0, "the platforms, by their names"),
    ("-l", "--long-list"): (1, "the platforms with versions and numbers of devices"),
    ("-f", "--full-list"): (2, "the platforms and all that is known of their devices"),
}
#: What dpctl says of its own files.
_FILES = {
    "--includes": "the compiler's options for dpctl's headers", "--include-dir": "the folder of dpctl's headers",
    "--tensor-include-dir": "the folder of dpctl.tensor's headers", "--cmakedir": "the folder of dpctl's CMake package",
    "--library": "the linker's options for dpctl's library", "--library-dir": "the folder of dpctl's library",
}


def _parser():
    made = argparse.ArgumentParser(prog="dpctl", description="Metate in the place of dpctl: lists the platforms of Level Zero.")
    for names, (verbosity, text) in _LISTINGS.items():
        made.add_argument(*names, dest="verbosity", action="store_const", const=verbosity, help=text)
    for name, text in _FILES.items():
        made.add_argument(name, dest="file", action="store_const", const=name, help=f"{text}: not offered")
    made.add_argument("--version", action="store_true", help="print the version and end")
    return made


def main(arguments=None):
    """Run the command line `arguments` (else the process's), and give the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.file is not None:
        parser.error(f"{options.file} is not offered by Metate, which stands in for dpctl here and has neither its headers nor its "
                     f"library; `metate --cmake-dir` prints the folder of Metate's own CMake package")
    if options.version:
        import dpctl

        print(dpctl.__version__)
    elif options.verbosity is None:
        parser.print_help()
    else:
        lsplatform(options.verbosity)
    return 0
