"""How scripts that try a whole server begin and end."""
import random, sys


class Broken(Exception):
    """The test cannot go on."""


def run(doc, name, least, most, make):
    """Runs what `make` makes of the arguments, of which a seed may come behind `most`, and ends with its status: 2 where the
    test cannot go on. Where something is wrong the seed is printed, by which the script makes the same choices again."""
    arguments = sys.argv[1:]
    if len(arguments) < least:
        sys.exit(doc)
    seed = int(arguments[most]) if len(arguments) > most else random.randrange(1 << 32)
    random.seed(seed)
    try:
        status = make(*arguments[:most]).run()
    except (Broken, OSError) as reason:
        print(f"{name}: {type(reason).__name__} {reason}")
        status = 2
    if status:
        print(f"seed {seed}")
    sys.exit(status)
