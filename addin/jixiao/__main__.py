import sys

from jixiao.cli import main

if __name__ == "__main__":  # a worker of jixiao batch begins by importing this
    sys.exit(main())
